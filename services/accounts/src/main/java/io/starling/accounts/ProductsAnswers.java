package io.starling.accounts;

import io.starling.accounts.move.Moves;
import io.starling.accounts.product.Authorities;
import io.starling.accounts.product.Groups;
import io.starling.accounts.product.Products;
import io.starling.contract.BusMessage;
import io.starling.contract.ProductsRequest;
import io.vertx.core.Future;

/** What is asked about products, by the room that answers. */
record ProductsAnswers(Products products, Authorities authorities, Groups groups, Moves moves) {

  Future<? extends BusMessage> answer(ProductsRequest request) {
    return switch (request) {
      case ProductsRequest.CreateProduct create -> products.create(create);
      case ProductsRequest.SetPermissions set -> products.setPermissions(set);
      case ProductsRequest.CreateGroup create -> groups.create(create);
      case ProductsRequest.EditGroup edit -> groups.edit(edit);
      case ProductsRequest.DeleteGroup delete -> groups.delete(delete);
      case ProductsRequest.EditProduct edit -> products.edit(edit);
      case ProductsRequest.MoveProduct move -> moves.move(move);
      case ProductsRequest.DeleteProduct delete -> products.delete(delete);
      case ProductsRequest.AddAuthority add -> authorities.add(add);
      case ProductsRequest.RemoveAuthority remove -> authorities.remove(remove);
    };
  }
}
