# syntax=docker/dockerfile:1
FROM docker.io/library/maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY pom.xml .
COPY crds crds
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2 mvn -q -B package -DskipTests

FROM docker.io/library/eclipse-temurin:25-jre
# A fixed number, so that Kubernetes can see that it is not root.
USER 65532:65532
COPY --from=build /src/target/nixos-operator.jar /app/nixos-operator.jar
ENV LOG_FORMAT=json
EXPOSE 8080
# The root file system may be read-only; /tmp and the cache directory are volumes.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "/app/nixos-operator.jar"]
