using DisruptorStream.Emission.Delivery;
using DisruptorStream.Pipeline;
using DisruptorStream.Plans;
using DisruptorStream.Saving;

namespace DisruptorStream.Topology;

/// <summary>Writes all that a processor knows, and says whether what is read is that of an equal plan.</summary>
internal sealed class StateSaver<TKey> : IStateSaver
    where TKey : notnull
{
    private readonly UInt128 _layout;
    private readonly Ledger<TKey> _ledger;
    private readonly EngineState _state;
    private readonly ResultDispatcher<TKey> _dispatcher;

    /// <param name="plan">Whose fingerprint the state carries.</param>
    /// <param name="ledger">What numbers stand for.</param>
    /// <param name="state">What the stages keep.</param>
    /// <param name="dispatcher">Counts what was delivered.</param>
    public StateSaver(
        ProcessorPlan plan, Ledger<TKey> ledger, EngineState state, ResultDispatcher<TKey> dispatcher)
    {
        _layout = LayoutOf(plan);
        _ledger = ledger;
        _state = state;
        _dispatcher = dispatcher;
    }

    public void Save(Stream stream, long sequence)
    {
        using var writer = new StateWriter(stream, new StateHeader(_layout, sequence));
        _ledger.Save(writer);
        _state.Save(writer);
        _dispatcher.Save(writer);
        writer.Complete();
    }

    /// <exception cref="StateException">The state is that of another plan.</exception>
    public static void ThrowUnlessOf(ProcessorPlan plan, StateReader saved)
    {
        if (saved.Header.Layout != LayoutOf(plan))
        {
            throw new StateException(
                $"The saved state is that of another processor than '{plan.Name}': its inputs, windows or aggregates "
                + $"differ ({saved.Header.Layout:x32}, and this one has {LayoutOf(plan):x32}); load it into one that "
                + "is built alike.");
        }
    }

    private static UInt128 LayoutOf(ProcessorPlan plan)
    {
        var fingerprint = plan.Fingerprint;
        return new UInt128(fingerprint.High, fingerprint.Low);
    }
}
