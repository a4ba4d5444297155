namespace DisruptorStream.Properties.Queries;

/// <summary>A random query over events.</summary>
/// <param name="Key">0: by tenant, 1: by user, 2: by both.</param>
/// <param name="LeastCost">Takes events that cost at least so much; null for all.</param>
/// <param name="Windows">Size and slide of each of its windows; none for sessions.</param>
/// <param name="Gap">Of its sessions.</param>
/// <param name="Lateness">How long after its end a window takes events.</param>
/// <param name="Top">How many keys of a window are shown; 0 for all.</param>
/// <param name="WithinTenant">Whether each tenant has a list.</param>
/// <param name="Reader">The query that reads its panes; null for none.</param>
internal sealed record QueryShape(
    int Key,
    int? LeastCost,
    (long Size, long Slide)[] Windows,
    long Gap,
    long Lateness,
    int Top,
    bool WithinTenant,
    ReaderShape? Reader)
{
    public bool HasSessions => Windows.Length == 0;

    public bool Takes(in Order order) => LeastCost is not { } least || order.Cost >= least;

    public override string ToString() =>
        $"key {Key}, cost from {LeastCost}, windows {string.Join(' ', Windows)}, gap {Gap}, lateness {Lateness}, "
        + $"top {Top} {(WithinTenant ? "of each tenant" : "")}, read by {Reader}";
}
