namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>Rule 31 for the sources of a stream, as plainly as it can be put.</summary>
internal sealed class GuardModel
{
    private readonly long _jump;
    private readonly int _keys;
    private readonly int _events;
    private readonly long _bound;
    private readonly Source[] _sources;
    private long? _watermark;

    public GuardModel(long jump, int keys, int events, long bound, int sources)
    {
        (_jump, _keys, _events, _bound) = (jump, keys, events, bound);
        _sources = [.. Enumerable.Range(0, sources).Select(_ => new Source())];
    }

    /// <summary>The events that are taken, in the order in which they are.</summary>
    public List<GuardedEvent> Taken { get; } = [];

    public List<GuardedEvent> Refused { get; } = [];

    public void Publish(GuardedEvent one)
    {
        var source = _sources[one.Source];
        if (one.Key is not null)
            source.Keys.Add(one.Key);
        if (IsJump(source.Newest, one.Time))
        {
            source.Held.Add(one);
            while (source.Held.Count > 0 && IsConfirmed(source))
                Release(source);
            return;
        }

        if (one.Time > source.Newest)
        {
            Refused.AddRange(source.Held);
            source.Held.Clear();
        }

        Take(source, one);
    }

    /// <summary>The end of the input: all that is held is taken as it is, in its order.</summary>
    public void End() => Taken.AddRange(_sources.SelectMany(source => source.Held).OrderBy(one => one.Number));

    private bool IsConfirmed(Source source) =>
        source.Held.Where(held => held.Key is not null).Select(held => held.Key).Distinct().Count() >= _keys
        || (source.Held.Count >= _events && source.Keys.Count < _keys);

    private void Release(Source source)
    {
        GuardedEvent[] all = [.. source.Held];
        source.Held.Clear();
        var lowest = all.Min(held => held.Time);
        foreach (var held in all)
        {
            if (IsJump(Math.Max(lowest, source.Newest ?? lowest), held.Time))
                source.Held.Add(held);
            else
                Take(source, held);
        }
    }

    private void Take(Source source, GuardedEvent one)
    {
        Taken.Add(one);
        source.Newest = Math.Max(source.Newest ?? one.Time, one.Time);
        if (_sources.All(each => each.Newest is not null))
            _watermark = _sources.Min(each => each.Newest!.Value) - _bound;
    }

    private bool IsJump(long? newest, long time) =>
        newest is not { } ticks || time > Math.Max(ticks, (_watermark ?? long.MinValue) + _bound) + _jump;

    /// <param name="Number">Its place among all.</param>
    /// <param name="Source">Whose it is.</param>
    /// <param name="Time">Its time.</param>
    /// <param name="Key">The key that is looked at; null for none.</param>
    public sealed record GuardedEvent(int Number, int Source, long Time, string? Key);

    private sealed class Source
    {
        public long? Newest { get; set; }

        public HashSet<string> Keys { get; } = [];

        public List<GuardedEvent> Held { get; } = [];
    }
}
