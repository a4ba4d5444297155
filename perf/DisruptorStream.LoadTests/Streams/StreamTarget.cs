using DisruptorStream.Streams;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>A stream of calls.</summary>
internal sealed class StreamTarget : CallTarget
{
    private readonly EventStream<Call> _stream;

    public StreamTarget(EventStream<Call> stream) => _stream = stream;

    public override void Start() => _stream.Start();

    public override void Publish(ReadOnlySpan<Call> calls) => _stream.Publish(calls);

    public override void PublishSingles(ReadOnlySpan<Call> calls)
    {
        foreach (ref readonly var call in calls)
            _stream.Publish(in call);
    }

    public override async ValueTask CompleteAsync() => await _stream.StopAsync(StopMode.Complete);

    public override ValueTask DisposeAsync() => _stream.DisposeAsync();
}
