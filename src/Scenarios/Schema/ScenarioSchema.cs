using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Abi.Kernel;
using Abi.Units;
using Scenarios.Loading;
using Scenarios.Model;

namespace Scenarios.Schema;

/// <summary>
/// Makes the JSON schema of scenario files from the model's records, as the loader reads them: the
/// same properties, attributes and spellings. Descriptions are the properties' summaries.
/// </summary>
public sealed class ScenarioSchema
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly XmlDocumentation documentation = new(typeof(Scenario).Assembly);
    private readonly XmlDocumentation abi = new(typeof(FaultStep).Assembly);
    private readonly SortedDictionary<string, JsonObject> definitions = new(StringComparer.Ordinal);

    private ScenarioSchema() { }

    /// <summary>The schema's text (JSON schema, draft 7).</summary>
    public static string Generate()
    {
        var schema = new ScenarioSchema();
        var root = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Micro scenario",
        };
        foreach (var (key, value) in schema.Record(typeof(Scenario)).ToList())
        {
            root[key] = value?.DeepClone();
        }

        root["definitions"] = new JsonObject(schema.definitions.Select(each =>
            KeyValuePair.Create(each.Key, (JsonNode?)each.Value)));
        return root.ToJsonString(Layout) + "\n";
    }

    private JsonObject Record(Type type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in ModelBinder.KeysOf(type))
        {
            var value = Value(property, property.PropertyType);
            value["description"] = Describe(property, value);
            properties[Spelling.KeyOf(property)] = value;
            if (property.GetCustomAttribute<RequiredMemberAttribute>() is not null)
            {
                required.Add(Spelling.KeyOf(property));
            }
        }

        var schema = new JsonObject
        {
            ["type"] = "object",
            ["description"] = documentation.Of(type),
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }

    // Editors show one description: that of the key, and what each of an enum's words means.
    private string Describe(PropertyInfo property, JsonObject value)
    {
        var own = documentation.Of(property);
        return value["description"] is { } more ? $"{own}\n{more}" : own;
    }

    private JsonObject Value(PropertyInfo property, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var isList = type.IsGenericType
            && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);
        if (isList)
        {
            var element = type.GetGenericArguments()[0];
            return property.GetCustomAttribute<KeyedByNameAttribute>() is null
                ? new JsonObject { ["type"] = "array", ["items"] = Value(property, element) }
                : Named(property, element);
        }

        if (type == typeof(FaultMoment))
        {
            return Moment();
        }

        if (type.IsEnum)
        {
            return EnumValue(type);
        }

        var isRecord = type.Namespace == typeof(Scenario).Namespace && type != typeof(Expectation);
        return isRecord ? Reference(type) : Single(property, type);
    }

    private JsonObject Named(PropertyInfo property, Type element)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (property.GetCustomAttribute<ComponentNamesAttribute>() is not null)
        {
            schema["properties"] = new JsonObject(Components.All.Select(name =>
                KeyValuePair.Create(name, (JsonNode?)Element(element))));
            schema["additionalProperties"] = false;
            return schema;
        }

        schema["propertyNames"] = new JsonObject { ["pattern"] = Spelling.NamePattern };
        schema["additionalProperties"] = Element(element);
        if (property.GetCustomAttribute<RequiredMemberAttribute>() is not null)
        {
            schema["minProperties"] = 1;
        }

        return schema;
    }

    private JsonObject Element(Type element) => ModelBinder.WholeValueOf(element) is { } whole
        ? Value(whole, whole.PropertyType)
        : Reference(element);

    private JsonObject Reference(Type record)
    {
        if (!definitions.ContainsKey(record.Name))
        {
            definitions[record.Name] = [];
            definitions[record.Name] = Record(record);
        }

        // Draft 7 ignores what stands beside $ref; allOf lets a key have its own description.
        return new JsonObject
        {
            ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/definitions/" + record.Name }),
        };
    }

    private static JsonObject Single(PropertyInfo property, Type type)
    {
        var within = property.GetCustomAttribute<WithinAttribute>();
        if (type == typeof(Nanoseconds))
        {
            return Text(Spelling.DurationPattern);
        }

        if (type == typeof(Bytes))
        {
            var size = Text(Spelling.SizePattern);
            size["type"] = new JsonArray("integer", "string");
            return size;
        }

        if (type == typeof(bool))
        {
            return new JsonObject { ["type"] = "boolean" };
        }

        if (type == typeof(int) || type == typeof(long))
        {
            var number = new JsonObject { ["type"] = "integer" };
            if (within is not null)
            {
                number["minimum"] = within.Least;
                number["maximum"] = within.Greatest;
            }

            return number;
        }

        var isComponent = property.GetCustomAttribute<ComponentNamesAttribute>() is not null;
        return isComponent
            ? new JsonObject { ["enum"] = new JsonArray([.. Components.All.Select(name => name)]) }
            : new JsonObject { ["type"] = "string" };
    }

    private static JsonObject Text(string pattern) =>
        new() { ["type"] = "string", ["pattern"] = pattern };

    private JsonObject EnumValue(Type type)
    {
        var source = type.Assembly == typeof(Scenario).Assembly ? documentation : abi;
        var words = Enum.GetNames(type)
            .Select(member => $"{Spelling.NameOf(type, member)}: {source.Of(type, member)}");
        return new JsonObject
        {
            ["enum"] = new JsonArray([.. Spelling.NamesOf(type).Select(name => name)]),
            ["description"] = string.Join('\n', words),
        };
    }

    private JsonObject Moment() => new()
    {
        ["anyOf"] = new JsonArray(
            Text(Spelling.DurationPattern), Reference(typeof(FaultMomentKeys))),
    };
}
