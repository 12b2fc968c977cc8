// Judges PDF files against PDF/A with veraPDF: `java -cp JAR VeraPdf.java 2b FILE.pdf…`.
//
// One line a file, `pass FILE` or `fail FILE`, and under a failed one the rules it breaks.
// Exit code 0 when all pass, 1 when any fails, 2 when the judge itself cannot work.
//
// The jar carries veraPDF as a library without JAXB, so the profile is read here with the JDK's
// own XML parser and put together from its values.

import java.io.FileInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.ErrorDetails;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Reference;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

public final class VeraPdf {
    // A profile that lost its rules on the way would let everything pass.
    private static final int FEWEST_RULES = 100;

    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            System.err.println("usage: VeraPdf.java 2b FILE.pdf...");
            System.exit(2);
        }
        LogManager.getLogManager().reset();
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(args[0]);
        ValidationProfile profile = profile(flavour);

        boolean allPass = true;
        for (int i = 1; i < args.length; i++) {
            allPass &= judge(args[i], flavour, profile);
        }
        System.exit(allPass ? 0 : 1);
    }

    private static boolean judge(String path, PDFAFlavour flavour, ValidationProfile profile) {
        Set<String> broken = new LinkedHashSet<>();
        boolean pass;
        try (InputStream file = new FileInputStream(path);
                var parser = Foundries.defaultInstance().createParser(file, flavour);
                var validator = Foundries.defaultInstance().createValidator(profile, false)) {
            ValidationResult result = validator.validate(parser);
            pass = result.isCompliant();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    RuleId rule = assertion.getRuleId();
                    broken.add(rule.getClause() + "-" + rule.getTestNumber() + " " + assertion.getMessage());
                }
            }
        } catch (Exception | StackOverflowError cause) {
            pass = false;
            broken.add("unreadable: " + cause);
        }
        System.out.println((pass ? "pass " : "fail ") + path);
        broken.forEach(rule -> System.out.println("    " + rule));
        return pass;
    }

    private static ValidationProfile profile(PDFAFlavour flavour) throws Exception {
        String resource = "/org/verapdf/pdfa/validation/PDFA-" + flavour.getId().toUpperCase() + ".xml";
        // Named, because the jar brings a parser factory of its own that does not work.
        var parser = DocumentBuilderFactory.newInstance(
                "com.sun.org.apache.xerces.internal.jaxp.DocumentBuilderFactoryImpl", null)
                .newDocumentBuilder();
        Element root;
        try (InputStream xml = VeraPdf.class.getResourceAsStream(resource)) {
            root = parser.parse(xml).getDocumentElement();
        }
        Set<Rule> rules = new HashSet<>();
        for (Element rule : children(child(root, "rules"))) {
            rules.add(rule(rule));
        }
        Set<Variable> variables = new HashSet<>();
        for (Element variable : children(child(root, "variables"))) {
            variables.add(Profiles.variableFromValues(variable.getAttribute("name"),
                    variable.getAttribute("object"), text(variable, "defaultValue"), text(variable, "value")));
        }
        if (rules.size() < FEWEST_RULES) {
            System.err.println("only " + rules.size() + " rules in " + resource);
            System.exit(2);
        }
        var details = Profiles.profileDetailsFromValues("PDF/A-" + flavour.getId(), "", "veraPDF", new Date(0));
        return Profiles.profileFromValues(flavour, details, "", rules, variables);
    }

    private static Rule rule(Element rule) {
        Element id = child(rule, "id");
        RuleId ruleId = Profiles.ruleIdFromValues(
                PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber")));
        Element error = child(rule, "error");
        List<ErrorArgument> arguments = new ArrayList<>();
        for (Element argument : children(child(error, "arguments"))) {
            arguments.add(ErrorArgumentImpl.fromValues(argument.getTextContent(), argument.getAttribute("name"), null));
        }
        ErrorDetails details = Profiles.errorFromValues(text(error, "message"), arguments);
        List<Reference> references = new ArrayList<>();
        for (Element reference : children(child(rule, "references"))) {
            references.add(Profiles.referenceFromValues(
                    reference.getAttribute("specification"), reference.getAttribute("clause")));
        }
        return Profiles.ruleFromValues(ruleId, rule.getAttribute("object"),
                Boolean.valueOf(rule.getAttribute("deferred")), rule.getAttribute("tags"),
                text(rule, "description"), text(rule, "test"), details, references);
    }

    private static List<Element> children(Element parent) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                found.add(element);
            }
        }
        return found;
    }

    private static Element child(Element parent, String name) {
        for (Element element : children(parent)) {
            if (element.getTagName().equals(name)) {
                return element;
            }
        }
        throw new IllegalStateException("no <" + name + "> in <" + parent.getTagName() + ">");
    }

    private static String text(Element parent, String name) {
        return child(parent, name).getTextContent();
    }
}
