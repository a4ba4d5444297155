namespace DisruptorStream.Orleans.Clustering;

/// <summary>The table of silos.</summary>
internal sealed record MembershipDocument(int Version, List<MembershipRow> Rows);
