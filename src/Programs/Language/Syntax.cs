namespace Programs.Language;

/// <summary>
/// A program as its author wrote it: the tree that the parser makes and the printer prints.
/// </summary>
/// <param name="Body">Its statements, in order.</param>
public sealed record ProgramSyntax(IReadOnlyList<Statement> Body)
{
    /// <summary>The program that does nothing.</summary>
    public static ProgramSyntax Empty { get; } = new([]);
}

/// <summary>One statement.</summary>
/// <param name="At">Where it begins.</param>
public abstract record Statement(Position At)
{
    /// <summary>
    /// `n = n + 1`: gives a variable a value; the first such statement declares it.
    /// </summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Name">The variable.</param>
    /// <param name="Value">Its new value.</param>
    public sealed record Assign(Position At, string Name, Expression Value) : Statement(At);

    /// <summary>
    /// `fd = open("/a", O_RDONLY) = 3`: a call, where its result goes, and what it should be.
    /// </summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Target">The variable that gets the result (-1 after an errno), or null.</param>
    /// <param name="Call">The call.</param>
    /// <param name="Expected">The result that the author expects, or null if any will do.</param>
    public sealed record Invoke(Position At, string? Target, Call Call, ExpectedResult? Expected)
        : Statement(At);

    /// <summary>
    /// `repeat 1000 { ... }`: runs the body so many times; not at all for 0 or less.
    /// </summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Count">How many times; evaluated once.</param>
    /// <param name="Body">What is repeated.</param>
    public sealed record Repeat(Position At, Expression Count, IReadOnlyList<Statement> Body)
        : Statement(At);

    /// <summary>
    /// `while read(fd, 4096) > 0 { ... }`: runs the body as long as the condition holds before it.
    /// </summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Condition">Evaluated before each iteration.</param>
    /// <param name="Body">What is repeated.</param>
    public sealed record While(Position At, Condition Condition, IReadOnlyList<Statement> Body)
        : Statement(At);

    /// <summary>
    /// `for path in tree("/") { ... }`: each regular file below a directory, in ordinal order of
    /// paths.
    /// </summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Name">The variable that holds the file's path.</param>
    /// <param name="Root">The directory.</param>
    /// <param name="Body">What is done with each file.</param>
    public sealed record ForTree(
        Position At, string Name, Expression Root, IReadOnlyList<Statement> Body) : Statement(At);

    /// <summary>`compute 500ns`, `compute 1000 cycles`: the program's own work.</summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Amount">How long: a duration, or a number of cycles.</param>
    /// <param name="InCycles">Whether the amount counts cycles.</param>
    public sealed record Compute(Position At, Expression Amount, bool InCycles) : Statement(At);

    /// <summary>
    /// `digest(fd)`: reports the SHA-256 of all bytes that read() delivered for the descriptor.
    /// </summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Descriptor">The descriptor.</param>
    public sealed record Digest(Position At, Expression Descriptor) : Statement(At);
}

/// <summary>A call of LibSys with its arguments.</summary>
/// <param name="At">Where its name stands.</param>
/// <param name="Name">Its name; <see cref="CallTable"/> knows those that exist.</param>
/// <param name="Arguments">In order.</param>
public sealed record Call(Position At, string Name, IReadOnlyList<Expression> Arguments);

/// <summary>`n = read(fd, 4096) > 0`, `n &lt; 10`: what a while loop asks.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Target">The variable that gets the call's result, or null.</param>
/// <param name="Call">The call on the left side, or null if <paramref name="Left"/> is
/// there.</param>
/// <param name="Left">The left side if it is no call.</param>
/// <param name="Relation">The comparison.</param>
/// <param name="Right">The right side.</param>
public sealed record Condition(
    Position At, string? Target, Call? Call, Expression? Left, Relation Relation, Expression Right);

/// <summary>How two numbers compare.</summary>
public enum Relation
{
    /// <summary>`==`</summary>
    Equal,
    /// <summary>`!=`</summary>
    NotEqual,
    /// <summary>`&lt;`</summary>
    Less,
    /// <summary>`&lt;=`</summary>
    LessOrEqual,
    /// <summary>`&gt;`</summary>
    Greater,
    /// <summary>`&gt;=`</summary>
    GreaterOrEqual,
}

/// <summary>What the author wrote after `=`.</summary>
/// <param name="At">Where it begins.</param>
public abstract record ExpectedResult(Position At)
{
    /// <summary>`= 5`: this value.</summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Expected">The value.</param>
    public sealed record Value(Position At, Expression Expected) : ExpectedResult(At);

    /// <summary>`= -1 ENOENT`: this errno.</summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Error">The errno's name.</param>
    public sealed record Failure(Position At, string Error) : ExpectedResult(At);

    /// <summary>`= ?`: anything at all; strace prints it after calls that do not return.</summary>
    /// <param name="At">Where it begins.</param>
    public sealed record Anything(Position At) : ExpectedResult(At);
}

/// <summary>Something that has a value.</summary>
/// <param name="At">Where it begins.</param>
public abstract record Expression(Position At)
{
    /// <summary>`42`, `0644`, `0x10`, `64KiB`, `5ms`.</summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Amount">The number before the unit; not negative.</param>
    /// <param name="Unit">The unit; its multiple of the amount fits into 64 bits.</param>
    /// <param name="Base">The base it is written in: 8, 10 or 16.</param>
    public sealed record Number(Position At, long Amount, NumberUnit Unit, int Base) : Expression(
        At)
    {
        /// <summary>
        /// The number that it stands for: bytes, nanoseconds, or the amount itself.
        /// </summary>
        public long Value => Amount * Unit.Multiple();
    }

    /// <summary>`"/a\n"`: bytes, written with strace's escapes.</summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Value">The bytes, one in each char (0 to 255): what is not ASCII is
    /// UTF-8.</param>
    /// <param name="Abbreviated">Whether `...` follows: only the beginning is written here.</param>
    public sealed record Text(Position At, string Value, bool Abbreviated) : Expression(At);

    /// <summary>`bytes(4096)`: so many bytes of a fixed pattern.</summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Count">How many.</param>
    public sealed record Pattern(Position At, Expression Count) : Expression(At);

    /// <summary>`O_CREAT`, `SEEK_SET`, `AT_FDCWD`: a named constant.</summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Name">Its name; <see cref="Constants"/> knows those that exist.</param>
    public sealed record Constant(Position At, string Name) : Expression(At);

    /// <summary>`fd`: a variable.</summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Name">Its name.</param>
    public sealed record Variable(Position At, string Name) : Expression(At);

    /// <summary>`exponential(500ns)`: a number drawn at random each time, exponentially
    /// distributed.</summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Mean">Its mean.</param>
    public sealed record Exponential(Position At, Expression Mean) : Expression(At);

    /// <summary>`choice(500ns: 9, 5us: 1)`: one of several values, drawn at random each
    /// time.</summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Options">The values with their weights; at least one.</param>
    public sealed record Choice(Position At, IReadOnlyList<WeightedValue> Options) : Expression(At);

    /// <summary>`-n`.</summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Operand">What is negated.</param>
    public sealed record Negate(Position At, Expression Operand) : Expression(At);

    /// <summary>
    /// `{st_size=6, ...}`: what some fields of a structure should hold that a call fills in.
    /// </summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Fields">The fields named; the others may hold anything.</param>
    public sealed record Structure(Position At, IReadOnlyList<Field> Fields) : Expression(At);

    /// <summary>
    /// `a + b`, `a - b`, `a * b`, `a|b`; `+` also joins a text and a text or number.
    /// </summary>
    /// <param name="At">Where it begins.</param>
    /// <param name="Operator">Which.</param>
    /// <param name="Left">Left operand.</param>
    /// <param name="Right">Right operand.</param>
    public sealed record Binary(Position At, Operator Operator, Expression Left, Expression Right)
        : Expression(At);
}

/// <summary>A field of a structure and what it should hold.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Name">The field's name.</param>
/// <param name="Value">What it should hold.</param>
public sealed record Field(Position At, string Name, Expression Value);

/// <summary>One of the values of a random choice.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Value">The value.</param>
/// <param name="Weight">Its weight: it is drawn with the probability weight / sum of
/// weights.</param>
public sealed record WeightedValue(Position At, Expression Value, Expression.Number Weight);

/// <summary>An operation on two values, from the loosest binding to the tightest.</summary>
public enum Operator
{
    /// <summary>`|`</summary>
    Or,
    /// <summary>`+`</summary>
    Add,
    /// <summary>`-`</summary>
    Subtract,
    /// <summary>`*`</summary>
    Multiply,
}
