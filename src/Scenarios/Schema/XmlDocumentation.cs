using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Scenarios.Schema;

/// <summary>
/// The summaries that an assembly's documentation file holds: one text for code and schema.
/// </summary>
public sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, string> summaries = [];

    /// <summary>Reads the file that the compiler put beside the assembly.</summary>
    public XmlDocumentation(Assembly assembly)
    {
        var file = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
        foreach (var member in file.Descendants("member"))
        {
            if (member.Element("summary") is { } summary)
            {
                summaries[member.Attribute("name")!.Value] = TextOf(summary);
            }
        }
    }

    /// <summary>The summary of a type; empty if there is none.</summary>
    public string Of(Type type) => summaries.GetValueOrDefault($"T:{type.FullName}", "");

    /// <summary>The summary of a property.</summary>
    public string Of(PropertyInfo property) =>
        summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}", "");

    /// <summary>The summary of an enum's member.</summary>
    public string Of(Type @enum, string member) =>
        summaries.GetValueOrDefault($"F:{@enum.FullName}.{member}", "");

    // A reference is printed as the last part of its name.
    private static string TextOf(XElement summary)
    {
        var parts = summary.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see =>
                see.Attribute("cref")?.Value.Split('.', ':')[^1] ?? "",
            XElement element => element.Value,
            _ => "",
        });
        return Spaces().Replace(string.Concat(parts), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
