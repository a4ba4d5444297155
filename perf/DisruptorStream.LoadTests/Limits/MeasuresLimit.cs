using System.Runtime.CompilerServices;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>An array by key, with sum and largest of each measure.</summary>
internal sealed class MeasuresLimit : Limit
{
    private readonly State[] _states;

    public MeasuresLimit(Workload work)
        : base(work.SizeMilliseconds)
    {
        _states = new State[work.Keys];
        Reset();
    }

    protected override void Run(ReadOnlySpan<InputEvent> events)
    {
        var states = _states;
        Span<double> measures = stackalloc double[Measures.Count];
        foreach (ref readonly var next in events)
        {
            Measures.Of(next.Value, measures);
            ref var state = ref states[next.Key];
            for (var index = 0; index < Measures.Count; index++)
            {
                state.Values[2 * index] += measures[index];
                state.Values[(2 * index) + 1] = double.MaxNative(measures[index], state.Values[(2 * index) + 1]);
            }
        }
    }

    protected override void Close()
    {
        Span<long> bits = stackalloc long[2 * Measures.Count];
        for (var key = 0; key < _states.Length; key++)
        {
            ref var state = ref _states[key];
            if (double.IsNegativeInfinity(state.Values[1]))
                continue;
            for (var index = 0; index < bits.Length; index++)
                bits[index] = BitConverter.DoubleToInt64Bits(state.Values[index]);
            Digest.AddBits(End, key, bits);
        }

        Reset();
    }

    private void Reset()
    {
        var empty = default(State);
        for (var index = 0; index < Measures.Count; index++)
            empty.Values[(2 * index) + 1] = double.NegativeInfinity;
        _states.AsSpan().Fill(empty);
    }

    private struct State
    {
        public Pairs Values;
    }

    [InlineArray(2 * Measures.Count)]
    private struct Pairs
    {
        private double _first;
    }
}
