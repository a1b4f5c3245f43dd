using System.Text;
using Abi.Posix;
using Programs.Language;

namespace Programs.Interpreter;

/// <summary>The arguments of one call in a program, found by the parameter's name.</summary>
internal sealed class Arguments
{
    private readonly List<(Parameter Parameter, Expression Value)> values = [];
    private readonly ProgramCompiler compiler;

    private Arguments(ProgramCompiler compiler) => this.compiler = compiler;

    public static Arguments Of(Call call, CallForm form, ProgramCompiler compiler)
    {
        var arguments = new Arguments(compiler);
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            arguments.values.Add((form.Parameters[i], call.Arguments[i]));
        }

        return arguments;
    }

    public NumberNode Number(string name, long otherwise = 0) => Find(name) is { } value
        ? compiler.Number(value)
        : new NumberNode.Constant(otherwise);

    public TextNode Text(string name) => compiler.Text(Find(name)!);

    /// <summary>The data, cut to the count if there is one.</summary>
    public DataNode Data()
    {
        if (Find("data") is not { } data)
        {
            return new DataNode.Literal([]);
        }

        var node = compiler.Data(data);
        return Find("count") is { } count
            ? new DataNode.Counted(node, compiler.Number(count))
            : node;
    }

    /// <summary>Address and port; null if the text is no address.</summary>
    public Func<Frame, SocketAddress?> Address()
    {
        var text = Text("address");
        var port = Number("port");
        if (Find("address") is not Expression.Text)
        {
            return frame => Read(text.Evaluate(frame), port.Evaluate(frame));
        }

        // A constant is read once: sending is a hot path.
        var address = Read(((TextNode.Constant)text).Evaluated, 0);
        return frame => address is { } known
            ? known with { Port = PortOf(port.Evaluate(frame)) }
            : null;
    }

    // As htons(): the low 16 bits.
    private static int PortOf(long port) => (int)(port & 0xFFFF);

    private static SocketAddress? Read(string text, long port) =>
        InternetAddress.TryParse(text, out var address)
            ? new SocketAddress(address, PortOf(port))
            : null;

    /// <summary>What happens with that which the call fills in.</summary>
    public IEnumerable<Delivery> Deliveries(PosixCall call)
    {
        switch (call)
        {
            case PosixCall.Open or PosixCall.Openat:
                yield return new Delivery.Opened(Text("path"));
                break;
            case PosixCall.Read:
                yield return new Delivery.Digested(Number("fd"));
                break;
        }

        foreach (var (parameter, value) in values)
        {
            switch (parameter.Kind)
            {
                case ParameterKind.Received when value is Expression.Text text:
                    yield return new Delivery.Received(
                        Encoding.Latin1.GetBytes(text.Value), text.Abbreviated);
                    break;
                case ParameterKind.Delivered:
                    yield return new Delivery.Exited(compiler.Number(value));
                    break;
                case ParameterKind.Structure when value is Expression.Structure structure:
                    foreach (var field in structure.Fields)
                    {
                        yield return new Delivery.StatusField(
                            field.Name, compiler.Number(field.Value));
                    }

                    break;
            }
        }
    }

    private Expression? Find(string name)
    {
        foreach (var (parameter, value) in values)
        {
            if (parameter.Name == name)
            {
                return value;
            }
        }

        return null;
    }
}
