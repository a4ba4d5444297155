namespace DisruptorStream.LoadTests.Texts.Pairs;

/// <summary>An event of a user's own type, with two texts for its key.</summary>
internal readonly record struct PairCall(string Tenant, string Model, long Ticks, double Value);
