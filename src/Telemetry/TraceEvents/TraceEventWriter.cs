using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Abi.Units;

namespace Telemetry.TraceEvents;

/// <summary>
/// Writes the Trace Event Format that Perfetto and chrome://tracing read, as "Trace Event Format"
/// (Google, 2016) describes it, one event a line. Times are microseconds with exactly three
/// decimals, so whole nanoseconds are exact; where the clock's cycle is not a whole number of
/// them, arguments give cycles too. Slices are pairs of begin and end: with a begin and a length
/// (X), readers that add the two as floating-point numbers find neighbours that overlap.
/// displayTimeUnit stands first: Perfetto reads it nowhere else.
/// </summary>
internal sealed class TraceEventWriter : IDisposable
{
    private const int Full = 1 << 16;

    private readonly Stream output;
    private readonly Frequency frequency;
    private readonly ArrayBufferWriter<byte> buffer = new(2 * Full);
    private readonly Utf8JsonWriter json;
    private readonly bool areNanosecondsExact;
    private bool isFirst = true;

    /// <summary>Writes the file's head.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="frequency">The clock that cycles are counted by.</param>
    /// <param name="facts">What the file says about itself.</param>
    public TraceEventWriter(
        Stream output, Frequency frequency, IEnumerable<(string Name, string Value)> facts)
    {
        this.output = output;
        this.frequency = frequency;
        areNanosecondsExact = 1_000_000_000 % frequency.Hertz == 0;
        json = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            // No page contains this file: quotes need no more than a backslash.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            SkipValidation = true,
        });
        Raw("{\"displayTimeUnit\":\"ns\",\"otherData\":"u8);
        json.WriteStartObject();
        foreach (var (name, value) in facts)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.Flush();
        Raw(",\"traceEvents\":[\n"u8);
    }

    /// <summary>Writes the file's end.</summary>
    public void Finish()
    {
        Raw("\n]}\n"u8);
        Drain();
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    /// <summary>Names a process, and says where it stands among the others.</summary>
    public void Process(long process, string name, long place)
    {
        Metadata("process_name"u8, process, 0, "name"u8, name);
        Metadata("process_sort_index"u8, process, 0, "sort_index"u8, place);
    }

    /// <summary>Says a word about a process.</summary>
    public void Label(long process, string label) =>
        Metadata("process_labels"u8, process, 0, "labels"u8, label);

    /// <summary>Names a thread, and says where it stands in its process.</summary>
    public void Track(long process, long track, string name, long place)
    {
        Metadata("thread_name"u8, process, track, "name"u8, name);
        Metadata("thread_sort_index"u8, process, track, "sort_index"u8, place);
    }

    /// <summary>A slice whose end is known begins; its end has to follow.</summary>
    public void Begin(
        Place place, JsonEncodedText name, JsonEncodedText category, long began, long ended,
        string? detail)
    {
        Start("B"u8, place, began);
        json.WriteString(Names.Name, name);
        json.WriteString(Names.Category, category);
        if (detail is not null || !areNanosecondsExact)
        {
            json.WriteStartObject(Names.Arguments);
            if (!areNanosecondsExact)
            {
                json.WriteNumber(Names.At, began);
                json.WriteNumber(Names.Cycles, ended - began);
            }

            if (detail is not null)
            {
                json.WriteString(Names.Of, detail);
            }

            json.WriteEndObject();
        }

        End();
    }

    /// <summary>A slice without others in it, from begin to end.</summary>
    public void Slice(
        Place place, JsonEncodedText name, JsonEncodedText category, long began, long ended,
        string? detail = null)
    {
        Begin(place, name, category, began, ended, detail);
        End(place, name, ended);
    }

    /// <summary>The innermost open slice of a track ends.</summary>
    public void End(Place place, JsonEncodedText name, long at)
    {
        Start("E"u8, place, at);
        json.WriteString(Names.Name, name);
        End();
    }

    /// <summary>A slice begins.</summary>
    public void Begin(
        Place place, JsonEncodedText name, JsonEncodedText category, long at, long request)
    {
        Start("B"u8, place, at);
        json.WriteString(Names.Name, name);
        json.WriteString(Names.Category, category);
        json.WriteStartObject(Names.Arguments);
        if (!areNanosecondsExact)
        {
            json.WriteNumber(Names.At, at);
        }

        json.WriteNumber(Names.Request, request);
        json.WriteEndObject();
        End();
    }

    /// <summary>The innermost open slice of a track ends, and tells how.</summary>
    public void End(
        Place place, JsonEncodedText name, long began, long at, string? outcome)
    {
        Start("E"u8, place, at);
        json.WriteString(Names.Name, name);
        if (outcome is not null || !areNanosecondsExact)
        {
            json.WriteStartObject(Names.Arguments);
            if (!areNanosecondsExact)
            {
                json.WriteNumber(Names.Cycles, at - began);
            }

            if (outcome is not null)
            {
                json.WriteString(Names.Outcome, outcome);
            }

            json.WriteEndObject();
        }

        End();
    }

    /// <summary>Something without length.</summary>
    /// <param name="place">Where.</param>
    /// <param name="scope">t: the track, p: its process, g: all.</param>
    /// <param name="name">What.</param>
    /// <param name="category">Its kind.</param>
    /// <param name="at">When.</param>
    public void Instant(
        Place place, char scope, JsonEncodedText name, JsonEncodedText category, long at)
    {
        Start("i"u8, place, at);
        json.WriteString(Names.Name, name);
        json.WriteString(Names.Category, category);
        json.WriteString(Names.Scope, [scope]);
        Cycle(at);
        End();
    }

    /// <summary>An arrow begins in the slice that is open there and then.</summary>
    public void FlowBegins(Place place, JsonEncodedText name, long number, long at) =>
        Flow("s"u8, place, name, number, at, binds: false);

    /// <summary>An arrow ends in the slice that is open there and then.</summary>
    public void FlowEnds(Place place, JsonEncodedText name, long number, long at) =>
        Flow("f"u8, place, name, number, at, binds: true);

    /// <summary>The value of a counter from now on.</summary>
    public void Counter(
        long process, JsonEncodedText name, JsonEncodedText unit, long at, long value)
    {
        Start("C"u8, new Place(process, 0), at);
        json.WriteString(Names.Name, name);
        json.WriteStartObject(Names.Arguments);
        json.WriteNumber(unit, value);
        json.WriteEndObject();
        End();
    }

    private void Flow(
        ReadOnlySpan<byte> phase, Place place, JsonEncodedText name, long number, long at,
        bool binds)
    {
        Start(phase, place, at);
        json.WriteString(Names.Name, name);
        json.WriteString(Names.Category, Names.Ipc);
        json.WriteNumber(Names.Id, number);
        if (binds)
        {
            json.WriteString(Names.BindingPoint, "e"u8);
        }

        End();
    }

    private void Metadata(
        ReadOnlySpan<byte> name, long process, long track, ReadOnlySpan<byte> key, object value)
    {
        Next();
        json.WriteStartObject();
        json.WriteString(Names.Phase, "M"u8);
        json.WriteNumber(Names.Process, process);
        json.WriteNumber(Names.Track, track);
        json.WriteString(Names.Name, name);
        json.WriteStartObject(Names.Arguments);
        if (value is string text)
        {
            json.WriteString(key, text);
        }
        else
        {
            json.WriteNumber(key, (long)value);
        }

        json.WriteEndObject();
        End();
    }

    private void Cycle(long at)
    {
        if (!areNanosecondsExact)
        {
            json.WriteStartObject(Names.Arguments);
            json.WriteNumber(Names.At, at);
            json.WriteEndObject();
        }
    }

    private void Start(ReadOnlySpan<byte> phase, Place place, long at)
    {
        Next();
        json.WriteStartObject();
        json.WriteString(Names.Phase, phase);
        json.WriteNumber(Names.Process, place.Process);
        json.WriteNumber(Names.Track, place.Track);
        json.WritePropertyName(Names.Time);
        Microseconds(Nanoseconds(at));
    }

    private void Next()
    {
        if (!isFirst)
        {
            Raw(",\n"u8);
        }

        isFirst = false;
        json.Reset();
    }

    private void End()
    {
        json.WriteEndObject();
        json.Flush();
        if (buffer.WrittenCount >= Full)
        {
            Drain();
        }
    }

    private void Drain()
    {
        output.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }

    private void Raw(ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer.GetSpan(text.Length));
        buffer.Advance(text.Length);
    }

    private long Nanoseconds(long cycles) => frequency.ToNanoseconds(new Cycles(cycles));

    private void Microseconds(long nanoseconds)
    {
        const int Digits = 3;
        const int Thousand = 1000;
        Span<byte> text = stackalloc byte[24];
        Utf8Formatter.TryFormat(nanoseconds / Thousand, text, out var length);
        text[length] = (byte)'.';
        Utf8Formatter.TryFormat(
            nanoseconds % Thousand, text[(length + 1)..], out _, new StandardFormat('D', Digits));
        json.WriteRawValue(text[..(length + 1 + Digits)], skipInputValidation: true);
    }

    private static class Names
    {
        public static readonly JsonEncodedText Phase = JsonEncodedText.Encode("ph");
        public static readonly JsonEncodedText Process = JsonEncodedText.Encode("pid");
        public static readonly JsonEncodedText Track = JsonEncodedText.Encode("tid");
        public static readonly JsonEncodedText Time = JsonEncodedText.Encode("ts");
        public static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
        public static readonly JsonEncodedText Category = JsonEncodedText.Encode("cat");
        public static readonly JsonEncodedText Arguments = JsonEncodedText.Encode("args");
        public static readonly JsonEncodedText Scope = JsonEncodedText.Encode("s");
        public static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
        public static readonly JsonEncodedText BindingPoint = JsonEncodedText.Encode("bp");
        public static readonly JsonEncodedText Ipc = JsonEncodedText.Encode("ipc");
        public static readonly JsonEncodedText At = JsonEncodedText.Encode("cycle");
        public static readonly JsonEncodedText Cycles = JsonEncodedText.Encode("cycles");
        public static readonly JsonEncodedText Request = JsonEncodedText.Encode("request");
        public static readonly JsonEncodedText Outcome = JsonEncodedText.Encode("outcome");
        public static readonly JsonEncodedText Of = JsonEncodedText.Encode("of");
    }
}

/// <summary>A track: the number of its process, and its own.</summary>
internal readonly record struct Place(long Process, long Track);
