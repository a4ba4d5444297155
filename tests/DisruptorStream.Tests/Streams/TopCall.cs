namespace DisruptorStream.Tests.Streams;

/// <summary>An event of the tests of lists.</summary>
internal readonly record struct TopCall(long Time, string Tenant, int User, double Cost);
