namespace Scenarios.Model;

/// <summary>
/// In the file, the list is a mapping from each element's Name to the rest of it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyedByNameAttribute : Attribute;

/// <summary>The property is no key of the file.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInFileAttribute : Attribute;

/// <summary>
/// The least and the greatest value that a number, size or duration may have, inclusive.
/// </summary>
/// <param name="least">In the type's unit: bytes, nanoseconds, or none.</param>
/// <param name="greatest">In the same unit.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WithinAttribute(long least, long greatest) : Attribute
{
    /// <summary>The least value.</summary>
    public long Least { get; } = least;

    /// <summary>The greatest value.</summary>
    public long Greatest { get; } = greatest;
}

/// <summary>In the file, the element has no keys of its own: it is this property's value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeValueAttribute : Attribute;

/// <summary>The texts are names of <see cref="Model.Components"/>; editors complete them.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ComponentNamesAttribute : Attribute;
