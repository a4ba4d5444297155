using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Saving;

namespace DisruptorStream.Topology.Durable.Replay;

/// <summary>
/// Makes the state of one plan over into that of another one: a snapshot of the new plan takes the place of the newest
/// one, which nothing is behind.
/// </summary>
/// <remarks>
/// Taking its place is one step of the file system. So the directory holds either the state of before, or that of the
/// new plan, whatever ends the process.
/// </remarks>
internal sealed class PlanTransition
{
    private readonly PlanStart _start;
    private readonly DurableEngines _engines;
    private readonly DurableDeliveries _deliveries;
    private readonly SnapshotStore _store;

    /// <param name="start">Both plans.</param>
    /// <param name="engines">Makes the engine.</param>
    /// <param name="deliveries">The sinks.</param>
    /// <param name="store">The snapshots.</param>
    public PlanTransition(
        PlanStart start, DurableEngines engines, DurableDeliveries deliveries, SnapshotStore store)
    {
        _start = start;
        _engines = engines;
        _deliveries = deliveries;
        _store = store;
    }

    /// <summary>Does it.</summary>
    /// <param name="contents">The journal.</param>
    /// <param name="newest">The newest snapshot.</param>
    /// <param name="arrived">Which results have arrived, of the queries of the new plan.</param>
    /// <param name="durable">The new plan.</param>
    /// <returns>The snapshot of the new plan, and what is to be known of it, as sentences.</returns>
    /// <exception cref="DurabilityException">A sink does not hold what it must, or holds too much.</exception>
    /// <exception cref="StateException">The state is damaged, or cannot be read any more.</exception>
    /// <exception cref="IOException">The disk does not take the new snapshot.</exception>
    public (SnapshotEntry Made, IReadOnlyList<string> Remarks) Run(
        JournalContents contents, SnapshotInfo newest, in ArrivedResults arrived, DurablePlan durable)
    {
        ThrowUnlessSinksAreThere(newest, arrived);
        using var snapshot = _store.Open(newest.Sequence, out _, isChecked: true);
        var mark = ReplayMark.Load(snapshot);
        using var engine = _engines.NewTranslation(_start.Saved!, _deliveries.Shadows, snapshot);

        // What the journal still holds of before is of other keys and queries: the new plan begins behind it.
        var behind = new ReplayMark(newest.Sequence, contents.IsEmpty ? mark.Position : contents.End, []);
        var info = durable.InfoOf(engine, arrived.ToArray(), Math.Max(contents.LastOrdinal, newest.JournalOrdinal));
        var made = _store.Write(info, stream =>
        {
            behind.Save(stream, info.Plan);
            engine.Save(stream);
        });
        return (made, Remarks(engine.ForgottenFailures));
    }

    private void ThrowUnlessSinksAreThere(SnapshotInfo newest, in ArrivedResults arrived)
    {
        var held = _deliveries.HeldBy(arrived);
        if (SnapshotChoice.IsAhead(newest, held, _start.Plan) is { } why)
        {
            throw new DurabilityException(
                $"The plan has changed, and {why} What they miss can be made again only by the plan of before: start "
                + "it as it was, and stop it with StopMode.Suspend once they have it.");
        }

        for (var query = 0; query < held.Length; query++)
        {
            var plan = _start.Plan.Queries[query];
            if (_start.Saved!.PlaceOf(plan.Name) < 0 && _deliveries.MostHeldBy(query) is var number and > 0)
            {
                throw new DurabilityException(
                    $"The query '{plan.Name}' begins empty, with result number 1, and a durable sink of it holds "
                    + $"results up to number {number} already; give the sink another target, or the query another "
                    + "name.");
            }
        }
    }

    private List<string> Remarks(long forgottenFailures)
    {
        var remarks = new List<string>();
        foreach (var part in _start.Comparison!.Parts)
        {
            if (part.Outcome != PlanOutcome.Kept)
                remarks.Add($"The plan has changed: {part}.");
        }

        foreach (var option in _start.Comparison.Options)
            remarks.Add($"The plan has changed: {option}.");
        if (forgottenFailures > 0)
        {
            remarks.Add(
                $"{forgottenFailures} windows in which a metric had failed begin empty, as no metric is left that can "
                + "fail.");
        }

        return remarks;
    }
}
