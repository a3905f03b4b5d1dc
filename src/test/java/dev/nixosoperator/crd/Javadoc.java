package dev.nixosoperator.crd;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The javadoc of the API's sources, so that a field is described once and {@code kubectl explain} says the same. Keys are
 * {@code Outer.Inner} for a type and {@code Outer.Inner#name} for a record component or an enum constant.
 */
final class Javadoc {
    private final Map<String, String> texts = new HashMap<>();

    static Javadoc of(Path sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> found = Files.list(sources)) {
            List<Path> java =
                    found.filter(file -> file.toString().endsWith(".java")).toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(java));
            Javadoc javadoc = new Javadoc();
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                javadoc.new Collector(trees).scan(unit, "");
            }
            return javadoc;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<String> type(Class<?> type) {
        return Optional.ofNullable(texts.get(name(type)));
    }

    Optional<String> member(Class<?> type, String member) {
        return Optional.ofNullable(texts.get(name(type) + "#" + member));
    }

    private static String name(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    private final class Collector extends TreePathScanner<@Nullable Void, String> {
        private final DocTrees trees;

        Collector(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, String outer) {
            String name = outer + tree.getSimpleName();
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                texts.put(name, plain(comment.getFullBody()));
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ParamTree param) {
                        texts.put(name + "#" + param.getName(), plain(param.getDescription()));
                    }
                }
            }
            return super.visitClass(tree, name + ".");
        }

        @Override
        public @Nullable Void visitVariable(VariableTree tree, String outer) {
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null && outer.endsWith(".")) {
                texts.put(outer.substring(0, outer.length() - 1) + "#" + tree.getName(), plain(comment.getFullBody()));
            }
            return super.visitVariable(tree, outer);
        }

        private static String plain(List<? extends DocTree> parts) {
            StringBuilder text = new StringBuilder();
            for (DocTree part : parts) {
                text.append(
                        part instanceof LiteralTree literal ? literal.getBody().getBody() : part.toString());
            }
            return text.toString()
                    .replaceAll("\\{@link #?([^}]*)}", "$1")
                    .replaceAll("\\s+", " ")
                    .strip();
        }
    }
}
