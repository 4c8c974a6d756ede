package dev.filestore.examples.webapp;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The arrows between the modules, and the size of what each shows to the outside. It stands here because the
 * web application is the one place that has all four modules on its class path.
 */
class ArchitectureTest {

    private static final List<String> PLATFORM = List.of("java..", "javax..", "org.slf4j..", "org.jspecify..");

    /** What each module may name beside the platform, itself and, for the adapters, core. */
    private static final Map<String, List<String>> ALLOWED = Map.of(
            "core", List.of(),
            "metrics", List.of("io.micrometer.."),
            "jpa", List.of("jakarta.persistence.."),
            "s3", List.of("software.amazon.awssdk.."),
            "servlet",
                    List.of(
                            "jakarta.servlet..",
                            "com.auth0.jwt..",
                            "com.nimbusds.jose..",
                            "io.github.bucket4j..",
                            "com.fasterxml.jackson.core.."));

    private static final Pattern SPI = Pattern.compile("dev\\.filestore\\."
            + "(StorageBackend|MetadataRepository|MimePolicy|ContentScanner|KeyLayout|UrlSigner|Cdn)(\\$.*)?");

    private static final JavaClasses MODULES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
            .importPackages("dev.filestore")
            .that(not(resideInAnyPackage("dev.filestore.examples..")));

    @ParameterizedTest
    @ValueSource(strings = {"core", "metrics", "jpa", "s3", "servlet"})
    void module_namesAnotherType_onlyWhereAnArrowLeads(String module) {
        classes()
                .that(in(module))
                .should()
                .onlyDependOnClassesThat(in(module)
                        .or(in("core"))
                        .or(resideInAnyPackage(PLATFORM.toArray(String[]::new)))
                        .or(resideInAnyPackage(ALLOWED.get(module).toArray(String[]::new))))
                .check(MODULES);
    }

    /** With a thread for each request they would grow with the requests. */
    @Test
    void anyModule_keepsNothingInThreads() {
        noClasses()
                .should()
                .dependOnClassesThat(describe("are thread-locals", type -> type.isAssignableTo(ThreadLocal.class)))
                .check(MODULES);
    }

    @Test
    void servlet_usesNoSpi() {
        noClasses()
                .that(in("servlet"))
                .should()
                .dependOnClassesThat(
                        describe("are SPIs", type -> SPI.matcher(type.getName()).matches()))
                .check(MODULES);
    }

    @Test
    void http_isKnownToTheServletAlone() {
        noClasses()
                .that(not(in("servlet")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("jakarta.servlet..", "java.net.http..")
                        .or(describe(
                                "are HTTP connections", type -> type.getName().startsWith("java.net.Http"))))
                .check(MODULES);
        noMembers()
                .that()
                .areDeclaredInClassesThat(not(in("servlet")))
                .and()
                .arePublic()
                .should()
                .haveNameMatching("(?i).*(http|statusCode).*")
                .check(MODULES);
    }

    @Test
    void packages_dependOnEachOther_withoutCycles() {
        SliceAssignment byPackage = new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(type.getPackageName());
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
        slices().assignedFrom(byPackage).should().beFreeOfCycles().check(MODULES);
    }

    /** Going over is a decision, not an edit: write it into docs/decisions.md, then raise the figure. */
    @ParameterizedTest
    @CsvSource({"core, 60", "metrics, 2", "jpa, 3", "s3, 6", "servlet, 6"})
    void publicTypes_ofModule_stayWithinTheBudget(String module, int budget) {
        List<String> shown = MODULES.that(in(module)).stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();
        assertThat(shown).hasSizeLessThanOrEqualTo(budget);
    }

    @Test
    void types_areNamedByWhatTheyAre() {
        noClasses()
                .should()
                .haveNameMatching(".*[.$](Abstract|Default)[A-Z][^.$]*")
                .orShould()
                .haveNameMatching(".*(Utils?|Helpers?|Managers?|Common|Impl)")
                .check(MODULES);
    }

    @Test
    void packages_withTypes_areNullMarked() {
        Set<String> marked = new HashSet<>();
        Set<String> all = new HashSet<>();
        for (JavaClass type : MODULES) {
            all.add(type.getPackageName());
            if (type.getSimpleName().equals("package-info") && type.isAnnotatedWith(NullMarked.class)) {
                marked.add(type.getPackageName());
            }
        }
        assertThat(all).contains("dev.filestore", "dev.filestore.jpa", "dev.filestore.s3", "dev.filestore.servlet");
        assertThat(marked).isEqualTo(all);
    }

    private static DescribedPredicate<JavaClass> in(String module) {
        return describe("in " + module, type -> moduleOf(type).equals(module));
    }

    /** The metrics are in the jar of core, and kept apart from it as a module of their own. */
    private static String moduleOf(JavaClass type) {
        String name = type.getPackageName();
        for (String module : List.of("metrics", "jpa", "s3", "servlet")) {
            if (name.equals("dev.filestore." + module) || name.startsWith("dev.filestore." + module + ".")) {
                return module;
            }
        }
        return name.equals("dev.filestore") || name.startsWith("dev.filestore.") ? "core" : "";
    }
}
