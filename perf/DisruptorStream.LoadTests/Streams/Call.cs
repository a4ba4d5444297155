namespace DisruptorStream.LoadTests.Streams;

/// <summary>A call of a gateway to a language model, as the queries of a stream see it.</summary>
internal readonly record struct Call(
    long Ticks, string Model, string Tenant, int User, double Milliseconds, double Tokens, double Cost, int Status);
