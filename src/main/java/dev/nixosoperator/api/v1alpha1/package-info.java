/**
 * The custom resources of group {@code nixos-operator.dev/v1alpha1}: records and enums with their schema, no logic but
 * normalising constructors. Defaults are those of the schema, so that an object built without the API server means the
 * same. Nothing here throws: one odd object must never stop the operator.
 */
@NullMarked
package dev.nixosoperator.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
