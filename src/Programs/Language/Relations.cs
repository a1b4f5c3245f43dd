namespace Programs.Language;

/// <summary>How operators and relations are written and bind.</summary>
public static class Relations
{
    /// <summary>All relations, those whose symbol begins another's after that one.</summary>
    public static IReadOnlyList<Relation> All { get; } =
    [
        Relation.Equal, Relation.NotEqual, Relation.LessOrEqual, Relation.GreaterOrEqual,
        Relation.Less, Relation.Greater,
    ];

    /// <summary>As it is written.</summary>
    public static string Symbol(Relation relation) => relation switch
    {
        Relation.Equal => "==",
        Relation.NotEqual => "!=",
        Relation.Less => "<",
        Relation.LessOrEqual => "<=",
        Relation.Greater => ">",
        Relation.GreaterOrEqual => ">=",
    };

    /// <summary>Whether the relation holds between two ordered values.</summary>
    public static bool Holds<T>(Relation relation, T left, T right)
        where T : IComparable<T>
    {
        var order = left.CompareTo(right);
        return relation switch
        {
            Relation.Equal => order == 0,
            Relation.NotEqual => order != 0,
            Relation.Less => order < 0,
            Relation.LessOrEqual => order <= 0,
            Relation.Greater => order > 0,
            Relation.GreaterOrEqual => order >= 0,
        };
    }

    /// <summary>As it is written, with its spaces.</summary>
    public static string Symbol(Operator @operator) => @operator switch
    {
        Operator.Or => "|",
        Operator.Add => " + ",
        Operator.Subtract => " - ",
        Operator.Multiply => " * ",
    };

    /// <summary>How tightly it binds: 0 is the loosest.</summary>
    public static int Level(Operator @operator) => @operator switch
    {
        Operator.Or => 0,
        Operator.Add or Operator.Subtract => 1,
        Operator.Multiply => 2,
    };
}
