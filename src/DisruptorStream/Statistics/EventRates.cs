namespace DisruptorStream.Statistics;

/// <summary>Events per second, seen over different times.</summary>
/// <param name="Overall">Since the first event.</param>
/// <param name="Windowed">Over the window before now, or since the first event where that is later.</param>
/// <param name="OneMinute">Exponentially weighted with a time constant of 1 minute.</param>
/// <param name="FiveMinutes">Exponentially weighted with a time constant of 5 minutes.</param>
/// <param name="FifteenMinutes">Exponentially weighted with a time constant of 15 minutes.</param>
public readonly record struct EventRates(
    double Overall, double Windowed, double OneMinute, double FiveMinutes, double FifteenMinutes);
