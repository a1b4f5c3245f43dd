using System.Text;
using Programs.Language;

namespace Programs.Tests.Language;

public class ParserTests
{
    [Fact]
    public void What_is_printed_reads_as_the_same_tree() =>
        SyntaxGen.Program.Sample(
            program => SameTree.Is(ProgramParser.Parse(ProgramPrinter.Print(program)), program),
            print: ProgramPrinter.Print,
            iter: 3_000);

    [Fact]
    public void Two_different_trees_are_not_the_same()
    {
        var left = ProgramParser.Parse("read(fd, 4096) = 5");
        Assert.False(SameTree.Is(left, ProgramParser.Parse("read(fd, 4097) = 5")));
        Assert.False(SameTree.Is(left, ProgramParser.Parse("read(fd, 4096) = 6")));
        Assert.False(SameTree.Is(left, ProgramParser.Parse("read(fd, 4096) = -1 EIO")));
    }

    [Fact]
    public void No_text_makes_the_parser_throw()
    {
        const string Alphabet = "abcEO:_(){}[]\"\\'=<>!+-*|,;.#/? \n\t\r0123456789x€\0";
        var random = Gen.Char[Alphabet].Array[0, 60].Select(chars => new string(chars));
        random.Sample(text =>
            ProgramParser.Parse(text, SourceOrigin.None).Program is not null, iter: 20_000);
        Gen.String[0, 40].Sample(
            text => ProgramParser.Parse(text, SourceOrigin.None).Program is not null, iter: 5_000);
    }

    [Fact]
    public void A_damaged_program_has_errors_or_reads()
    {
        var damaged = Gen.Select(
            SyntaxGen.Program.Select(ProgramPrinter.Print),
            Gen.Int[0, 1000],
            Gen.Char["(){}\"=,:;\n\\#x1 "],
            (text, place, c) =>
                text.Insert(text.Length == 0 ? 0 : place % text.Length, c.ToString()));
        damaged.Sample(
            text => ProgramParser.Parse(text, SourceOrigin.None).Program is not null, iter: 3_000);
    }

    [Theory]
    [InlineData("fd = open(\"/big\", O_RDONLY|O_CREAT, 0644)")]
    [InlineData("read(fd, 4096) = 5")]
    [InlineData("read(3, \"\"..., 4096) = 4096")]
    [InlineData("open(\"/nope\", O_RDONLY) = -1 ENOENT (No such file or directory)")]
    [InlineData("openat(AT_FDCWD, \"/a b\", O_RDONLY|O_CLOEXEC) = 3 <0.000012>")]
    [InlineData("exit_group(0) = ?")]
    [InlineData("fstat(3, {st_mode=S_IFREG|0644, st_size=44659, ...}) = 0")]
    [InlineData("while (read(fd, 65536) > 0) { }")]
    [InlineData("while ((n = read(fd, 65536)) > 0) { total = total + n }")]
    [InlineData("while (n = read(fd, 65536)) > 0 { }")]
    [InlineData("while (n + 1) * 2 < 7 { n = n + 1 }")]
    [InlineData("repeat 1000 { read(fd, 4096); compute 500ns }")]
    [InlineData(
        "for path in tree(\"/\") {\n  fd = open(path, O_RDONLY) # each\n  close(fd) // done\n}\n")]
    [InlineData("compute 1000 cycles; compute n * 10 cycles\r\nsleep 5ms")]
    [InlineData("spawn \"child\"; pid = spawn(\"child\"); wait(pid, 3) = pid")]
    [InlineData("sendto(fd, \"x\",\n   \"10.0.0.2\", 7\n)")]
    [InlineData("write(1, \"a\\n\\t\\\"\\\\\\0\\101\\x41\")")]
    [InlineData("x = 1; /* a comment */ y = 2")]
    [InlineData("compute exponential(500ns); compute exponential( n * 2 ) cycles")]
    [InlineData("compute choice(500ns: 9, 5us: 1); x = choice(1:1,\n  2 : 3)")]
    [InlineData("sleep 1us + exponential(3us)")]
    [InlineData("repeat 2 {\n\n  # nothing\n\n}\n\n# end")]
    [InlineData("")]
    public void Reads(string text) =>
        Assert.Empty(ProgramParser.Parse(text, SourceOrigin.None).Errors);

    [Fact]
    public void An_expression_alone_has_its_places_in_the_file()
    {
        var origin = new SourceOrigin(7, 10);
        var (expression, errors) = ProgramParser.ParseExpression("exponential(5us)", origin);
        Assert.Empty(errors);
        Assert.Equal((7, 11), (expression!.At.Line, expression.At.Column));
        Assert.Equal("exponential(5us)", ProgramPrinter.Print(expression));
        foreach (var (text, column) in
            new[] { ("exponential(5us", 26), ("5us; 6us", 16), ("5us; x = 1", 11) })
        {
            (expression, errors) = ProgramParser.ParseExpression(text, origin);
            Assert.Null(expression);
            Assert.Equal((7, column), (errors[0].At.Line, errors[0].At.Column));
        }
    }

    [Fact]
    public void Escapes_are_those_of_strace()
    {
        var program = ProgramParser.Parse("write(1, \"a\\n\\t\\\"\\\\\\0\\1012\\x41é\")");
        var text = ((Statement.Invoke)program.Body[0]).Call.Arguments[1];

        var bytes = Encoding.Latin1.GetBytes(((Expression.Text)text).Value);
        Assert.Equal("a\n\t\"\\\0A2A"u8.ToArray().Concat("é"u8.ToArray()), bytes);
        Assert.Equal("\"a\\n\\t\\\"\\\\\\0A2A\\303\\251\"", ProgramPrinter.Print(text));
    }

    [Theory]
    [InlineData("0644", 420)]
    [InlineData("0x1f", 31)]
    [InlineData("64KiB", 65536)]
    [InlineData("2GiB", 2147483648)]
    [InlineData("5ms", 5_000_000)]
    [InlineData("1s", 1_000_000_000)]
    public void Numbers_have_bases_and_units(string text, long value)
    {
        var assign = (Statement.Assign)ProgramParser.Parse("n = " + text).Body[0];
        Assert.Equal(value, ((Expression.Number)assign.Value).Value);
    }

    [Fact]
    public void Operators_bind_as_in_C()
    {
        var assign = (Statement.Assign)ProgramParser.Parse("n = a|b + c * -d - e").Body[0];
        Assert.True(SameTree.Is(
            assign, ProgramParser.Parse("n = a|((b + (c * (-d))) - e)").Body[0]));
    }

    [Theory]
    [InlineData("read(fd,", 1, 9, "expected")]
    [InlineData("x = 1\ny = = 2\nz = 3", 2, 5, "expected")]
    [InlineData("x = 12abc", 1, 5, "expected a unit (ns us ms s KiB MiB GiB), not 'abc'")]
    [InlineData("x = 09", 1, 5, "expected an octal number that fits into 63 bits")]
    [InlineData(
        "x = 99999999999999999999", 1, 5, "expected a decimal number that fits into 63 bits")]
    [InlineData("}", 1, 1, "expected a statement, not '}'")]
    [InlineData("x = 1 /* no end", 1, 7, "expected '*/' somewhere behind the '/*'")]
    [InlineData("repeat 3 {\n x = 1\n", 3, 1, "expected '}', not the end")]
    [InlineData(
        "write(1, \"abc\n", 1, 14, "expected '\"' that closes the text, not the end of the line")]
    [InlineData("close(3) close(4)", 1, 10, "expected the end of the statement, not 'c'")]
    [InlineData("repeat = 4", 1, 8, "expected")]
    [InlineData("x = repeat", 1, 5, "expected a value, not the keyword 'repeat'")]
    [InlineData("compute exponential()", 1, 21, "expected")]
    [InlineData("compute exponential(5us", 1, 24, "expected ')'")]
    [InlineData("compute choice()", 1, 16, "expected")]
    [InlineData("compute choice(5us)", 1, 19, "expected ':' and the value's weight")]
    [InlineData("compute choice(5us: x)", 1, 21, "expected a number")]
    [InlineData("compute choice(5us: 1, 6us)", 1, 27, "expected ':' and the value's weight")]
    [InlineData("hello", 1, 6, "expected '(' or '=', not the end")]
    public void Says_where_and_what_was_expected(string text, int line, int column, string message)
    {
        var errors = ProgramParser.Parse(text, SourceOrigin.None).Errors;
        var error = Assert.Single(errors);
        Assert.Equal((line, column), (error.At.Line, error.At.Column));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_all_errors_at_once_and_reads_what_is_right()
    {
        const string Text = """
            fd = open("/a" O_RDONLY)
            read(fd, 10)
            repeat x y { close(fd); read(fd) }
            repeat 2 {
                write(fd, )
                close(fd)
            }
            close(fd
            """;
        var (program, errors) = ProgramParser.Parse(Text, new SourceOrigin(10, 4));

        Assert.Equal([10, 12, 14, 17], errors.Select(error => error.At.Line));
        Assert.Equal([20, 14, 19, 13], errors.Select(error => error.At.Column));
        Assert.Equal(2, program.Body.Count);
        Assert.Single(((Statement.Repeat)program.Body[1]).Body);
    }

    [Fact]
    public void Deep_nesting_and_long_expressions_are_refused()
    {
        var deep = new string('(', 100_000);
        Assert.Contains(
            "nesting", ProgramParser.Parse("x = " + deep, SourceOrigin.None).Errors[0].Message);
        var wide = string.Concat(Enumerable.Repeat("1+", 100_000)) + "1";
        Assert.Contains(
            "operators", ProgramParser.Parse("x = " + wide, SourceOrigin.None).Errors[0].Message);
        Assert.Empty(ProgramParser.Parse($"write(1, \"{deep}\")", SourceOrigin.None).Errors);
    }
}
