package dev.nixosoperator.controller;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects as well as it can: one that was stored under another schema must not end the list that it is in, and
 * with it the operator. What does not fit counts as absent.
 */
public final class LenientJson {
    private LenientJson() {}

    public static KubernetesSerialization serialization() {
        ObjectMapper mapper = new ObjectMapper()
                .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .addHandler(new AsAbsent())
                .registerModule(new SimpleModule().addDeserializer(NixosMachineSpec.class, new WholeOrNot()));
        // An empty PartialObjectMetadataList says "items": null, which fabric8's informers cannot take.
        mapper.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
        return new KubernetesSerialization(mapper, true);
    }

    /**
     * A spec with a value that is not understood (a newer schema's) is no spec: a default in its place might destroy what
     * the value would have kept.
     */
    private static final class WholeOrNot extends StdDeserializer<NixosMachineSpec> {
        private static final long serialVersionUID = 1L;
        private static final ObjectMapper STRICT =
                new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

        WholeOrNot() {
            super(NixosMachineSpec.class);
        }

        @Override
        public @Nullable NixosMachineSpec deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            JsonNode spec = parser.readValueAsTree();
            try {
                return STRICT.treeToValue(spec, NixosMachineSpec.class);
            } catch (JsonProcessingException notUnderstood) {
                return null;
            }
        }
    }

    private static final class AsAbsent extends DeserializationProblemHandler {
        @Override
        public @Nullable Object handleUnexpectedToken(
                DeserializationContext context, JavaType target, JsonToken token, JsonParser parser, String problem)
                throws IOException {
            if (token != null && token.isStructStart()) {
                parser.skipChildren();
            }
            return nothing(target);
        }

        @Override
        public @Nullable Object handleWeirdStringValue(
                DeserializationContext context, Class<?> target, String value, String problem) {
            return target.isPrimitive() ? zero(target) : null;
        }

        @Override
        public @Nullable Object handleWeirdNumberValue(
                DeserializationContext context, Class<?> target, Number value, String problem) {
            return null;
        }

        @Override
        public @Nullable Object handleMissingInstantiator(
                DeserializationContext context,
                Class<?> target,
                com.fasterxml.jackson.databind.deser.@Nullable ValueInstantiator instantiator,
                @Nullable JsonParser parser,
                String problem)
                throws IOException {
            if (parser != null
                    && parser.currentToken() != null
                    && parser.currentToken().isStructStart()) {
                parser.skipChildren();
            }
            return null;
        }

        @Override
        public @Nullable Object handleInstantiationProblem(
                DeserializationContext context, Class<?> target, @Nullable Object argument, Throwable thrown) {
            return null;
        }

        private static @Nullable Object nothing(JavaType target) {
            return target.isPrimitive() ? zero(target.getRawClass()) : null;
        }

        private static Object zero(Class<?> primitive) {
            return primitive == boolean.class ? (Object) false : primitive == long.class ? (Object) 0L : (Object) 0;
        }
    }
}
