using DisruptorStream.Emission.Views;

namespace DisruptorStream.Emission.Calls;

/// <summary>Tells a sink of a key that has gone.</summary>
internal readonly record struct RetiredCall<TKey>(IRetiredKeySink<TKey> Target, TKey Key, long Sequence) : ISinkCall
{
    public object Sink => Target;

    public string? Name => nameof(IRetiredKeySink<>.OnRetired);

    public long FirstSequence => Sequence;

    public long LastSequence => Sequence;

    public bool IsLast => false;

    public void Invoke() => Target.OnRetired(Key, Sequence);
}
