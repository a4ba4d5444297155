namespace DisruptorStream.Properties.Queries;

/// <summary>A random query that reads the panes of another one, which are on time.</summary>
/// <param name="ByTenant">Whether it groups by the tenant, where the other one groups by both.</param>
/// <param name="Windows">Size and slide of each of its windows.</param>
internal sealed record ReaderShape(bool ByTenant, (long Size, long Slide)[] Windows)
{
    public override string ToString() => $"{(ByTenant ? "tenant" : "all")} {string.Join(' ', Windows)}";
}
