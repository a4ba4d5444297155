namespace DisruptorStream.Cli.Live;

/// <summary>A call to the simulated gateway.</summary>
internal readonly record struct GatewayCall(string Model, DateTimeOffset Time, double Milliseconds);
