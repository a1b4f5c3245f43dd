using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Abi.Units;
using Programs.Language;
using Scenarios.Expectations;
using Scenarios.Model;

namespace Scenarios.Loading;

/// <summary>
/// Makes the model's records from YAML nodes by the records' own properties: the key is the
/// property's name, its type and attributes say what may stand there. The JSON schema is made from
/// the same.
/// </summary>
/// <param name="source">The file's text, for the places of programs.</param>
/// <param name="report">Gets what is wrong.</param>
internal sealed class ModelBinder(string source, Action<Position, string> report)
{
    private readonly Dictionary<string, Position> positions = new() { [""] = Position.Start };
    private readonly string[] lines = source.Split('\n');

    /// <summary>Where each value stands, by its path.</summary>
    public IReadOnlyDictionary<string, Position> Positions => positions;

    /// <summary>The keys that a record has in a file.</summary>
    public static IEnumerable<PropertyInfo> KeysOf(Type record) => record
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite
            && property.GetCustomAttribute<NotInFileAttribute>() is null);

    /// <summary>
    /// Whether a record is written without keys, as the value of its one property.
    /// </summary>
    public static PropertyInfo? WholeValueOf(Type record) => record.GetProperties()
        .FirstOrDefault(property => property.GetCustomAttribute<WholeValueAttribute>() is not null);

    /// <summary>
    /// The paths of values that are wrong or missing; they have their defaults, or null.
    /// </summary>
    public HashSet<string> Failed { get; } = [];

    /// <summary>Makes a record of what is right in the node; null if it is no mapping.</summary>
    public object? Record(Type type, YamlNode node, string path, string? name = null)
    {
        positions[path] = node.At;
        var made = Activator.CreateInstance(type)!;
        if (name is not null)
        {
            type.GetProperty("Name")!.SetValue(made, name);
        }

        if (WholeValueOf(type) is { } whole)
        {
            Set(made, whole, node, path);
            return made;
        }

        if (node is not YamlNode.Mapping mapping)
        {
            report(node.At, $"expected {KeysText(type)}, not {node.Kind}");
            return null;
        }

        var properties = KeysOf(type).ToList();
        foreach (var entry in mapping.Entries)
        {
            var property = properties.Find(each => Spelling.KeyOf(each) == entry.Key.Text);
            if (property is null)
            {
                var keys = properties.Select(Spelling.KeyOf);
                report(entry.Key.At, $"expected {KeysText(type)}, not '{entry.Key.Text}'"
                    + Suggestion.Hint(entry.Key.Text, keys));
                continue;
            }

            Set(made, property, entry.Value, Join(path, entry.Key.Text));
        }

        foreach (var property in properties)
        {
            var isMissing = property.GetCustomAttribute<RequiredMemberAttribute>() is not null
                && mapping.Entries.All(entry => entry.Key.Text != Spelling.KeyOf(property));
            if (isMissing)
            {
                report(node.At, $"expected the key '{Spelling.KeyOf(property)}'"
                    + (name is null ? "" : $" in '{name}'"));
                Failed.Add(Join(path, Spelling.KeyOf(property)));
            }
        }

        return made;
    }

    private void Set(object record, PropertyInfo property, YamlNode node, string path)
    {
        positions[path] = node.At;
        var value = Value(property, property.PropertyType, node, path);
        if (value is not null)
        {
            property.SetValue(record, value);
        }
        else
        {
            Failed.Add(path);
        }
    }

    private object? Value(PropertyInfo property, Type type, YamlNode node, string path)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return property.GetCustomAttribute<KeyedByNameAttribute>() is null
                ? List(property, type.GetGenericArguments()[0], node, path)
                : Named(type.GetGenericArguments()[0], node, path);
        }

        if (type == typeof(FaultMoment))
        {
            return Moment(node, path);
        }

        if (type == typeof(ProgramSyntax))
        {
            return Program(node);
        }

        if (type == typeof(Expectation))
        {
            return Expectation(node);
        }

        if (type == typeof(Expression))
        {
            return Work(node);
        }

        var isRecord = type.Namespace == typeof(Scenario).Namespace && !type.IsEnum;
        return isRecord ? Record(type, node, path) : Single(property, type, node);
    }

    private IList? List(PropertyInfo property, Type element, YamlNode node, string path)
    {
        if (node is not YamlNode.Sequence sequence)
        {
            report(node.At, $"expected a list, not {node.Kind}");
            return null;
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            var itemPath = Join(path, i.ToString(CultureInfo.InvariantCulture));
            positions[itemPath] = sequence.Items[i].At;
            var item = Value(property, element, sequence.Items[i], itemPath);
            if (item is not null || !element.IsValueType)
            {
                list.Add(item);
            }
            else
            {
                Failed.Add(itemPath);
            }
        }

        return list;
    }

    private IList? Named(Type element, YamlNode node, string path)
    {
        if (node is not YamlNode.Mapping mapping)
        {
            report(node.At, $"expected names, each with its keys below it, not {node.Kind}");
            return null;
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        foreach (var (key, value) in mapping.Entries)
        {
            if (!Spelling.IsName(key.Text))
            {
                report(key.At,
                    $"expected a name of letters, digits, '-' and '_', not '{key.Text}'");
            }

            if (Record(element, value, Join(path, key.Text), key.Text) is { } item)
            {
                list.Add(item);
            }

            positions[Join(path, key.Text)] = key.At;
        }

        return list;
    }

    private object? Single(PropertyInfo property, Type type, YamlNode node)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (node is not YamlNode.Scalar scalar
            || (scalar.Text.Length == 0 && type != typeof(string)))
        {
            report(node.At, $"expected {Describe(type)}, not {node.Kind}");
            return null;
        }

        var value = Read(type, scalar);
        if (value is null)
        {
            var hint = type.IsEnum ? Suggestion.Hint(scalar.Text, Spelling.NamesOf(type)) : "";
            report(node.At, $"expected {Describe(type)}, not {scalar.Kind}{hint}");
            return null;
        }

        return IsWithin(property, value, node.At) ? value : null;
    }

    private static object? Read(Type type, YamlNode.Scalar scalar)
    {
        var isPlain = scalar.Form == ScalarForm.Plain;
        if (type == typeof(string))
        {
            return isPlain && scalar.Text.Length == 0 ? null : scalar.Text;
        }

        if (type.IsEnum)
        {
            return Spelling.ReadEnum(type, scalar.Text);
        }

        if (type == typeof(Nanoseconds))
        {
            return Spelling.ReadDuration(scalar.Text);
        }

        if (type == typeof(Bytes))
        {
            return Spelling.ReadSize(scalar.Text);
        }

        if (type == typeof(bool))
        {
            return !isPlain ? null : scalar.Text switch
            {
                "true" => true,
                "false" => false,
                _ => null,
            };
        }

        var isNumber = isPlain && long.TryParse(
            scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        if (!isNumber)
        {
            return null;
        }

        var number = long.Parse(scalar.Text, CultureInfo.InvariantCulture);
        return type == typeof(long) ? number
            : number is >= int.MinValue and <= int.MaxValue ? (int)number
            : null;
    }

    private bool IsWithin(PropertyInfo property, object value, Position at)
    {
        if (property.GetCustomAttribute<WithinAttribute>() is not { } within)
        {
            return true;
        }

        var (number, least, greatest) = value switch
        {
            Nanoseconds time => (time.Count, new Nanoseconds(within.Least).ToString(),
                new Nanoseconds(within.Greatest).ToString()),
            Bytes size => (size.Count, new Bytes(within.Least).ToString(),
                new Bytes(within.Greatest).ToString()),
            _ => (Convert.ToInt64(value, CultureInfo.InvariantCulture), Text(within.Least),
                Text(within.Greatest)),
        };
        if (number >= within.Least && number <= within.Greatest)
        {
            return true;
        }

        report(at, within.Greatest == long.MaxValue
            ? $"expected {least} or more, not {value}"
            : $"expected {least} to {greatest}, not {value}");
        return false;
    }

    private FaultMoment? Moment(YamlNode node, string path)
    {
        const string Expected =
            "a time such as 5ms, or {request: 500}, or {step: before-reply, nth: 3}";
        if (node is YamlNode.Scalar scalar && Spelling.ReadDuration(scalar.Text) is { } time)
        {
            return new FaultMoment.AtTime(time);
        }

        if (node is not YamlNode.Mapping)
        {
            report(node.At, $"expected {Expected}, not {node.Kind}");
            return null;
        }

        if (Record(typeof(FaultMomentKeys), node, path) is not FaultMomentKeys keys)
        {
            return null;
        }

        var moment = keys switch
        {
            { Time: { } at, Request: null, Step: null, Nth: null } => new FaultMoment.AtTime(at),
            { Request: { } number, Time: null, Step: null, Nth: null } =>
                new FaultMoment.AtRequest(number),
            { Step: { } step, Time: null, Request: null } =>
                (FaultMoment)new FaultMoment.AtStep(step, keys.Nth ?? 1),
            _ => null,
        };
        var isReported = Failed.Any(failed =>
            failed.StartsWith(path + '.', StringComparison.Ordinal));
        if (moment is null && !isReported)
        {
            report(node.At, $"expected {Expected}");
        }

        return moment;
    }

    private ProgramSyntax? Program(YamlNode node)
    {
        if (node is not YamlNode.Scalar scalar
            || (scalar.Form == ScalarForm.Plain && scalar.Text.Length == 0))
        {
            report(node.At, $"expected a program, not {node.Kind}");
            return null;
        }

        var isOneLine = !scalar.Text.Contains('\n');
        if (scalar.Form == ScalarForm.Folded || (!isOneLine && scalar.Form != ScalarForm.Literal))
        {
            report(node.At, "expected the program as a block: 'program: |' and its lines below");
            return null;
        }

        var (program, errors) = ProgramParser.Parse(scalar.Text, OriginOf(scalar));
        foreach (var error in errors)
        {
            report(error.At, error.Message);
        }

        return errors.Count == 0 ? program : null;
    }

    private SourceOrigin OriginOf(YamlNode.Scalar scalar)
    {
        if (scalar.Form != ScalarForm.Literal)
        {
            var quote = scalar.Form == ScalarForm.Quoted ? 1 : 0;
            return new SourceOrigin(scalar.At.Line, scalar.At.Column - 1 + quote);
        }

        // The block begins below its '|'; what stands before its lines in the file is the
        // indentation.
        var content = scalar.Text.Split('\n');
        var first = Array.FindIndex(content, line => line.Length > 0);
        var place = scalar.At.Line + first;
        var indent = first < 0 || place >= lines.Length
            ? 0
            : Math.Max(0, lines[place].TrimEnd('\r').Length - content[first].TrimEnd('\r').Length);
        return new SourceOrigin(scalar.At.Line + 1, indent);
    }

    private Expression? Work(YamlNode node)
    {
        if (node is not YamlNode.Scalar { Text.Length: > 0 } scalar)
        {
            report(node.At, $"expected a duration such as exponential(1us), not {node.Kind}");
            return null;
        }

        var (work, errors) = ProgramParser.ParseExpression(scalar.Text, OriginOf(scalar));
        errors = work is null ? errors : ProgramChecker.CheckDuration(work);
        foreach (var error in errors)
        {
            report(error.At, error.Message);
        }

        return errors.Count == 0 ? work : null;
    }

    private Expectation? Expectation(YamlNode node)
    {
        if (node is not YamlNode.Scalar { Text.Length: > 0 } scalar)
        {
            report(node.At, $"expected a text such as 'every process exits 0', not {node.Kind}");
            return null;
        }

        var (claim, column, message) = ClaimParser.Parse(scalar.Text);
        if (claim is null)
        {
            var quote = scalar.Form == ScalarForm.Quoted ? 1 : 0;
            var isOneLine = scalar.Form is ScalarForm.Plain or ScalarForm.Quoted;
            report(
                isOneLine
                    ? new Position(scalar.At.Line, scalar.At.Column + quote + column - 1)
                    : scalar.At,
                message);
            return null;
        }

        return new Expectation(scalar.Text, claim);
    }

    private static string Describe(Type type) =>
        type == typeof(string) ? "a text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(Nanoseconds) ? Spelling.Duration
        : type == typeof(Bytes) ? Spelling.Size
        : type.IsEnum ? "one of " + string.Join(' ', Spelling.NamesOf(type))
        : "a whole number";

    private static string KeysText(Type record) =>
        "keys (" + string.Join(' ', KeysOf(record).Select(Spelling.KeyOf)) + ")";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
