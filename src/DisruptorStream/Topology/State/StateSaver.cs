using DisruptorStream.Pipeline;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Topology.State;

/// <summary>Writes all that a processor knows, and says whether what is read is that of an equal plan.</summary>
internal sealed class StateSaver : IStateSaver
{
    private readonly UInt128 _layout;
    private readonly Ledger _ledger;
    private readonly IReadOnlyList<QueryParts> _queries;
    private readonly PartActivity _parts;

    /// <param name="plan">Whose fingerprint the state carries.</param>
    /// <param name="ledger">What numbers stand for.</param>
    /// <param name="queries">What the stages of each query keep.</param>
    /// <param name="parts">What is kept for keys beside that.</param>
    public StateSaver(ProcessorPlan plan, Ledger ledger, IReadOnlyList<QueryParts> queries, PartActivity parts)
    {
        _parts = parts;
        _layout = LayoutOf(plan);
        _ledger = ledger;
        _queries = queries;
    }

    public void Save(Stream stream, long sequence)
    {
        using var writer = new StateWriter(stream, new StateHeader(_layout, sequence));
        _ledger.Save(writer);
        foreach (var query in _queries)
            query.State.Assignment.Save(writer);
        foreach (var query in _queries)
            query.Save(writer);
        _parts.Save(writer);
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
