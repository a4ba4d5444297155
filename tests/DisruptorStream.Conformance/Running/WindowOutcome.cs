using DisruptorStream.Conformance.Cases;

namespace DisruptorStream.Conformance.Running;

/// <summary>What the engine made of a window vector.</summary>
/// <param name="Panes">Every pane, in the order of the results.</param>
/// <param name="Dropped">Events that entered no window because all of theirs had expired.</param>
internal sealed record WindowOutcome(IReadOnlyList<Pane> Panes, long Dropped);
