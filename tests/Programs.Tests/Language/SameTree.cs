using System.Collections;
using System.Reflection;
using Programs.Language;

namespace Programs.Tests.Language;

/// <summary>Compares syntax trees by what they say, not by where it stands.</summary>
internal static class SameTree
{
    public static bool Is(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (Position, Position) => true,
        (string a, string b) => a == b,
        (IEnumerable a, IEnumerable b) =>
            SameItems(a.Cast<object>().ToList(), b.Cast<object>().ToList()),
        _ when left.GetType() != right.GetType() => false,
        _ when left.GetType().Assembly != typeof(Position).Assembly || left is Enum =>
            left.Equals(right),
        _ => left.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.GetIndexParameters().Length == 0)
            .All(property => Is(property.GetValue(left), property.GetValue(right))),
    };

    private static bool SameItems(List<object> left, List<object> right) =>
        left.Count == right.Count && left.Zip(right).All(pair => Is(pair.First, pair.Second));
}
