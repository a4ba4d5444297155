using DisruptorStream.Statistics;
using DisruptorStream.Windows;

namespace DisruptorStream.Monitoring;

/// <summary>A window's value of a metric, and how far it lies from those of the key's windows before it.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <param name="Key">The key.</param>
/// <param name="Window">The window.</param>
/// <param name="Value">The metric's value.</param>
/// <param name="Score">The distance, and whether it is an anomaly.</param>
/// <param name="MovingAverage">
/// The exponential moving average of the metric over the key's windows, this one included.
/// </param>
public readonly record struct WindowScore<TKey>(
    TKey Key, TimeWindow Window, double Value, AnomalyScore Score, double MovingAverage);
