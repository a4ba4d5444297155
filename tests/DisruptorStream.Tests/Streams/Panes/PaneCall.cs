namespace DisruptorStream.Tests.Streams.Panes;

/// <summary>An event of the tests of queries that read panes.</summary>
internal readonly record struct PaneCall(long Time, string Tenant, int User, double Cost);
