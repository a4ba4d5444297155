namespace DisruptorStream.Emission.Calls;

/// <summary>Hands a dropped event to a sink.</summary>
internal readonly ref struct DroppedCall<TKey> : ISinkCall
{
    private readonly IDroppedEventSink<TKey> _target;
    private readonly DroppedEvent<TKey> _dropped;

    public DroppedCall(IDroppedEventSink<TKey> target, in DroppedEvent<TKey> dropped)
    {
        _target = target;
        _dropped = dropped;
    }

    public object Sink => _target;

    public string? Name => null;

    public long FirstSequence => _dropped.Sequence;

    public long LastSequence => _dropped.Sequence;

    public bool IsLast => false;

    public void Invoke() => _target.OnDropped(in _dropped);
}
