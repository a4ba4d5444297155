using DisruptorStream.Simulation.Processors;
using DisruptorStream.Sources;

namespace DisruptorStream.Simulation.Sources;

/// <summary>A source that seeks, reads as much at once as chance has it, and fails now and then.</summary>
internal sealed class SimulatedSource : ISeekableSource<SimulatedEvent>
{
    private readonly SimulatedEvent[] _events;
    private readonly Random _random;
    private readonly double _failureChance;
    private readonly int _mostAtOnce;

    /// <param name="events">All that it ever has.</param>
    /// <param name="random">Decides.</param>
    /// <param name="failureChance">Of each call.</param>
    /// <param name="mostAtOnce">Fewer events than this come at once.</param>
    public SimulatedSource(SimulatedEvent[] events, Random random, double failureChance, int mostAtOnce = 12)
    {
        _mostAtOnce = mostAtOnce;
        _events = events;
        _random = random;
        _failureChance = failureChance;
    }

    public ValueTask<ISeekableReader<SimulatedEvent>> OpenAsync(
        SourcePosition from, CancellationToken cancellationToken)
    {
        Fail();
        return new(new Reader(this, from.IsStart ? 0 : (int)from.ToInt64()));
    }

    private void Fail()
    {
        if (_random.NextDouble() < _failureChance)
            throw new SimulatedSourceException();
    }

    private sealed class Reader : ISeekableReader<SimulatedEvent>
    {
        private readonly SimulatedSource _source;
        private int _next;

        public Reader(SimulatedSource source, int next)
        {
            _source = source;
            _next = next;
        }

        public SourcePosition Position => _next == 0 ? SourcePosition.Start : SourcePosition.FromInt64(_next);

        public long? Lag => _source._events.Length - _next;

        public ValueTask<bool> ReadAsync(SourceBatch<SimulatedEvent> batch, CancellationToken cancellationToken)
        {
            for (var count = _source._random.Next(_source._mostAtOnce); count > 0 && !batch.IsFull; count--)
            {
                if (_next == _source._events.Length)
                    return new(false);
                batch.Add(_source._events[_next++]);
            }

            // Also behind some events, which are in then.
            _source.Fail();
            return new(_next < _source._events.Length);
        }

        public ValueTask DisposeAsync() => default;
    }
}
