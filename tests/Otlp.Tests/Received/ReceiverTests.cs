using System.Net;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;
using Testing.Otlp;

namespace Otlp.Tests.Received;

/// <summary>The receiver itself, by requests made with OTLP's definitions.</summary>
public sealed class ReceiverTests : IDisposable
{
    private readonly OtlpReceiver receiver = OtlpReceiver.Start();

    [Fact]
    public async Task Over_http_it_keeps_what_it_decoded()
    {
        using var answer = await Post("application/x-protobuf");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Request, Assert.Single(receiver.Traces));
    }

    [Fact]
    public async Task It_refuses_what_is_no_protocol_buffer()
    {
        using var answer = await Post("application/json");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Empty(receiver.Traces);
    }

    [Fact]
    public async Task It_refuses_when_told_to()
    {
        receiver.Refusal = 503;
        using var answer = await Post("application/x-protobuf");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Empty(receiver.Traces);
    }

    public void Dispose() => receiver.Dispose();

    private static ExportTraceServiceRequest Request => new()
    {
        ResourceSpans =
        {
            new ResourceSpans { ScopeSpans = { new ScopeSpans { Spans = { new Span
            {
                Name = "read",
            } } } } },
        },
    };

    private async Task<HttpResponseMessage> Post(string type)
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent(Request.ToByteArray());
        content.Headers.ContentType = new(type);
        return await client.PostAsync(new Uri($"{receiver.HttpUrl}/v1/traces"), content);
    }
}
