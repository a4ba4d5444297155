using DisruptorStream.Sources;

namespace DisruptorStream.Tests.Sources;

/// <summary>A source in memory, which does as it is told.</summary>
internal sealed class ListSource : ISeekableSource<Reading>, IAcknowledgedSource<Reading>
{
    private readonly Reading[] _readings;
    private int _opened;

    public ListSource(params Reading[] readings) => _readings = readings;

    /// <summary>Whether it ends behind the last one; else it waits for ever.</summary>
    public bool Ends { get; init; }

    /// <summary>Whether its position stays where a reader began, against what is asked of it.</summary>
    public bool IsUnmoved { get; init; }

    /// <summary>Called before each read, with how many were given.</summary>
    public Action<int> OnRead { get; set; } = static _ => { };

    /// <summary>Called before each acknowledgement.</summary>
    public Action<long> OnAcknowledge { get; init; } = static _ => { };

    /// <summary>How often it was opened.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>How many of the first ones need not come again.</summary>
    public long Acknowledged { get; private set; }

    public ValueTask<ISeekableReader<Reading>> OpenAsync(SourcePosition from, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        return new(new Reader(this, from.IsStart ? 0 : (int)from.ToInt64()));
    }

    public ValueTask<IAcknowledgedReader<Reading>> OpenAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        return new(new Reader(this, (int)Acknowledged));
    }

    private sealed class Reader : ISeekableReader<Reading>, IAcknowledgedReader<Reading>
    {
        private readonly ListSource _source;
        private readonly int _first;
        private int _next;

        public Reader(ListSource source, int next)
        {
            _source = source;
            _first = _next = next;
        }

        public SourcePosition Position => SourcePosition.FromInt64(_source.IsUnmoved ? _first : _next);

        public long? Lag => _source._readings.Length - _next;

        public async ValueTask<bool> ReadAsync(SourceBatch<Reading> batch, CancellationToken cancellationToken)
        {
            _source.OnRead(_next);
            if (_next == _source._readings.Length && !_source.Ends)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            while (_next < _source._readings.Length && !batch.IsFull)
                batch.Add(_source._readings[_next++]);
            return _next < _source._readings.Length || !_source.Ends;
        }

        public ValueTask AcknowledgeAsync(long count, CancellationToken cancellationToken)
        {
            _source.OnAcknowledge(_first + count);
            _source.Acknowledged = _first + count;
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
