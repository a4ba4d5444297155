namespace DisruptorStream.LoadTests.Streams;

/// <summary>A processor of one query.</summary>
internal sealed class ProcessorTarget<TKey> : CallTarget
    where TKey : notnull
{
    private readonly StreamProcessor<Call, TKey> _processor;

    public ProcessorTarget(StreamProcessor<Call, TKey> processor) => _processor = processor;

    public override void Start() => _processor.Start();

    public override void Publish(ReadOnlySpan<Call> calls) => _processor.Publish(calls);

    public override void PublishSingles(ReadOnlySpan<Call> calls)
    {
        foreach (ref readonly var call in calls)
            _processor.Publish(in call);
    }

    public override async ValueTask CompleteAsync() => await _processor.StopAsync(StopMode.Complete);

    public override ValueTask DisposeAsync() => _processor.DisposeAsync();
}
