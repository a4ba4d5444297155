using System.Buffers;
using System.Text;
using DisruptorStream.Cluster.Formats;

namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>Lines of JSON; a body that begins with "bad" throws what the test says.</summary>
internal sealed class OddFormat : IEventFormat<Call>
{
    private readonly JsonLineFormat<Call> _inner = new(CallContext.Default.Call);
    private readonly Func<string, Exception> _failure;

    public OddFormat(Func<string, Exception> failure) => _failure = failure;

    public void Write(Call one, IBufferWriter<byte> body) => _inner.Write(one, body);

    public void Read(ReadOnlyMemory<byte> body, ICollection<Call> events)
    {
        var text = Encoding.UTF8.GetString(body.Span);
        if (text.StartsWith("bad", StringComparison.Ordinal))
            throw _failure(text);
        _inner.Read(body, events);
    }
}
