namespace DisruptorStream.Emission.Calls;

/// <summary>Hands a batch to a sink.</summary>
internal readonly record struct ResultsCall<TKey>(IResultSink<TKey> Target, ResultBatch<TKey> Batch) : ISinkCall
{
    public object Sink => Target;

    public string? Name => null;

    public long FirstSequence => Batch.FirstSequence;

    public long LastSequence => Batch.LastSequence;

    public bool IsLast => false;

    public void Invoke() => Target.OnResults(Batch);
}
