package io.starling.contract;

/**
 * Everything that the one codec carries. Records are immutable; a received {@code Buffer} is never
 * written to, because local delivery passes the same object.
 */
public sealed interface BusMessage
    permits AccountsReply,
        AccountsHint,
        DevicesReply,
        DevicesRequest,
        DirectoryReply,
        DirectoryRequest,
        EdgeHint,
        EnvReply,
        EnvRequest,
        GatewayHint,
        GatewayReply,
        GatewayRequest,
        HistoryReply,
        HistoryRequest,
        ImportsReply,
        ImportsRequest,
        LedgersReply,
        LedgersRequest,
        LiveMessage,
        PeopleReply,
        PeopleRequest,
        ProductsReply,
        ProductsRequest,
        RelayHint,
        RelayReply,
        RelayRequest,
        RetainedReply,
        RetainedRequest,
        SecretsReply,
        SecretsRequest,
        SessionsReply,
        SessionsRequest,
        TeamsReply,
        TeamsRequest,
        WebhooksReply,
        WebhooksRequest {}
