using DisruptorStream.Sources;

namespace DisruptorStream.Hosting.Tests.Sources;

/// <summary>A source of some readings, which cannot be read while somebody says so.</summary>
internal sealed class FewReadings : ISeekableSource<Reading>
{
    private const int Count = 10;

    private bool _isBroken;

    /// <summary>Whether reads throw.</summary>
    public bool IsBroken
    {
        get => Volatile.Read(ref _isBroken);
        set => Volatile.Write(ref _isBroken, value);
    }

    /// <summary>The most events of one read.</summary>
    public int LargestBatch { get; private set; }

    public ValueTask<ISeekableReader<Reading>> OpenAsync(SourcePosition from, CancellationToken cancellationToken) =>
        new(new Reader(this, from.IsStart ? 0 : from.ToInt64()));

    private sealed class Reader : ISeekableReader<Reading>
    {
        private readonly FewReadings _source;
        private long _next;

        public Reader(FewReadings source, long next)
        {
            _source = source;
            _next = next;
        }

        public SourcePosition Position => SourcePosition.FromInt64(_next);

        public long? Lag => Count - _next;

        public async ValueTask<bool> ReadAsync(SourceBatch<Reading> batch, CancellationToken cancellationToken)
        {
            if (_source.IsBroken)
                throw new IOException("The wire is cut.");
            if (_next == Count)
                await Task.Delay(1, cancellationToken);
            while (_next < Count && !batch.IsFull)
                batch.Add(new Reading("a", _next++, 1));
            _source.LargestBatch = Math.Max(_source.LargestBatch, batch.Count);
            return true;
        }

        public ValueTask DisposeAsync() => default;
    }
}
