using System.Buffers.Binary;
using Google.Protobuf;

namespace Telemetry.OpenTelemetry;

/// <summary>
/// Stands before the SDK's own HTTP client with an ear for the answers: a receiver may take a
/// request and say in its answer that it rejected some of what was in it ("partial success"), which
/// the SDK does not read.
/// </summary>
/// <param name="client">What sends, with the certificates that the SDK's variables name; belongs to
/// this.</param>
/// <param name="rejected">Told how many were rejected, and why.</param>
internal sealed class AttentiveHandler(HttpClient client, Action<long, string> rejected)
    : HttpMessageHandler
{
    private const int GrpcPrefix = 5;

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = client.Send(
            Again(request), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Hear(response, cancellationToken).GetAwaiter().GetResult();
        return response;
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await client.SendAsync(
            Again(request), HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        await Hear(response, cancellationToken).ConfigureAwait(false);
        return response;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            client.Dispose();
        }

        base.Dispose(disposing);
    }

    // A client refuses a request that another has sent.
    private static HttpRequestMessage Again(HttpRequestMessage request)
    {
        var same = new HttpRequestMessage(request.Method, request.RequestUri)
        {
            Content = request.Content,
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
        };
        foreach (var (name, values) in request.Headers)
        {
            same.Headers.TryAddWithoutValidation(name, values);
        }

        return same;
    }

    private async Task Hear(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            return;
        }

        // Kept, for the SDK reads it after us.
        await response.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken)
            .ConfigureAwait(false);
        switch (response.Content.Headers.ContentType?.MediaType)
        {
            case "application/x-protobuf":
                Read(body);
                break;
            case "application/grpc" when body is [0, _, _, _, _, ..]:
                Read(body.AsSpan(
                    GrpcPrefix, (int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1))));
                break;
        }
    }

    // The answers for spans, metrics and logs are alike: field 1 is the partial success, in which
    // field 1 is how many were rejected, and field 2 why.
    private void Read(ReadOnlySpan<byte> message)
    {
        var answer = new CodedInputStream(message.ToArray());
        while (answer.ReadTag() is var tag and not 0)
        {
            if (tag != WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited))
            {
                answer.SkipLastField();
                continue;
            }

            var (count, why) = (0L, "");
            var partial = answer.ReadBytes().CreateCodedInput();
            while (partial.ReadTag() is var part and not 0)
            {
                switch (part)
                {
                    case 1 << 3 | (uint)WireFormat.WireType.Varint:
                        count = partial.ReadInt64();
                        break;
                    case 2 << 3 | (uint)WireFormat.WireType.LengthDelimited:
                        why = partial.ReadString();
                        break;
                    default:
                        partial.SkipLastField();
                        break;
                }
            }

            if (count > 0)
            {
                rejected(count, why);
            }
        }
    }
}
