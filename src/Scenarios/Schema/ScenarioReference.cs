using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Abi.Kernel;
using Abi.Units;
using Programs.Language;
using Scenarios.Loading;
using Scenarios.Model;

namespace Scenarios.Schema;

/// <summary>The parts of docs/scenarios.md that the code knows better than a writer.</summary>
public static class ScenarioReference
{
    /// <summary>
    /// A table of all keys: what may stand there, what holds without it, what it means.
    /// </summary>
    public static string Keys()
    {
        var text = new StringBuilder("| key | value | without it | |\n|---|---|---|---|\n");
        Append(text, typeof(Scenario), "", new XmlDocumentation(typeof(Scenario).Assembly));
        return text.ToString();
    }

    /// <summary>A table of all calls and the ways to write them.</summary>
    public static string Calls()
    {
        var text = new StringBuilder("| call | also |\n|---|---|\n");
        foreach (var signature in CallTable.All)
        {
            var also = signature.Forms.Skip(1).Select(form => form.Text)
                .Concat(signature.Alias is { } alias ? [alias] : Array.Empty<string>())
                .Select(Code);
            text.Append(CultureInfo.InvariantCulture,
                $"| {Code(signature.Forms[0].Text)} | {string.Join(", ", also)} |\n");
        }

        return text.ToString();
    }

    private static void Append(
        StringBuilder text, Type record, string path, XmlDocumentation documentation)
    {
        var defaults = Activator.CreateInstance(record);
        foreach (var property in ModelBinder.KeysOf(record))
        {
            var key = path + Spelling.KeyOf(property);
            var isRequired = property.GetCustomAttribute<RequiredMemberAttribute>() is not null;
            var without = isRequired ? "required" : Default(property.GetValue(defaults));
            text.Append(CultureInfo.InvariantCulture,
                $"| {Code(key)} | {Kind(property)} | {without} | {documentation.Of(property)} |\n");
            if (Inner(property) is var (inner, name))
            {
                Append(text, inner, key + name + ".", documentation);
            }
        }
    }

    // The record whose keys stand below this one, and what stands between.
    private static (Type Inner, string Name)? Inner(PropertyInfo property)
    {
        var type = property.PropertyType;
        var element = type.IsGenericType ? type.GetGenericArguments()[0] : type;
        var hasKeys = element.Namespace == typeof(Scenario).Namespace && !element.IsEnum
            && element != typeof(FaultMoment) && element != typeof(Expectation)
            && ModelBinder.WholeValueOf(element) is null;
        return !hasKeys ? null
            : property.GetCustomAttribute<KeyedByNameAttribute>() is not null ? (element, ".NAME")
            : (element, type.IsGenericType ? "[]" : "");
    }

    private static string Kind(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var within = property.GetCustomAttribute<WithinAttribute>();
        return type == typeof(Nanoseconds) ? "duration"
            : type == typeof(Bytes) ? "size"
            : type == typeof(bool) ? "true, false"
            : type == typeof(int) || type == typeof(long) ? "number" + Range(within)
            : type.IsEnum ? string.Join(", ", Spelling.NamesOf(type).Select(Code))
            : type == typeof(ProgramSyntax) ? "program"
            : type == typeof(Expression) ? "duration, or a random one"
            : type == typeof(FaultMoment) ? $"time, or request, or step and nth; steps: {Steps}"
            : property.GetCustomAttribute<KeyedByNameAttribute>() is not null ? "by name"
            : type.IsGenericType ? "list"
            : type == typeof(string) ? "text"
            : "";
    }

    private static string Steps =>
        string.Join(", ", Spelling.NamesOf(typeof(FaultStep)).Select(Code));

    private static string Range(WithinAttribute? within) => within is null ? ""
        : within.Greatest == long.MaxValue ? $", {within.Least} or more"
        : string.Create(CultureInfo.InvariantCulture, $", {within.Least} to {within.Greatest}");

    private static string Default(object? value) => value switch
    {
        null or "" => "",
        Enum member => Code(Spelling.NameOf(member.GetType(), member.ToString())),
        bool flag => flag ? "true" : "false",
        string or Nanoseconds or Bytes or int or long =>
            Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => "",
    };

    private static string Code(string text) => $"`{text}`";
}
