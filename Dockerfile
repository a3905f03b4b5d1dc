# syntax=docker/dockerfile:1
FROM docker.io/library/maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY pom.xml .
COPY crds crds
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2 mvn -q -B package -DskipTests

FROM docker.io/library/eclipse-temurin:25-jre
# All that is written goes to these two, so the root file system may be read-only.
RUN install -d -o 65532 -g 65532 /var/cache/nixos-operator
VOLUME ["/tmp", "/var/cache/nixos-operator"]
# A fixed number, so that Kubernetes can see that it is not root.
USER 65532:65532
COPY --from=build /src/target/nixos-operator.jar /app/nixos-operator.jar
ENV LOG_FORMAT=json
EXPOSE 8080
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "/app/nixos-operator.jar"]
