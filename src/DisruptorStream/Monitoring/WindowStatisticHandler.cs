using DisruptorStream.Emission;

namespace DisruptorStream.Monitoring;

/// <summary>Takes a window's value into the statistic of its key.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TStatistic">What is kept for each key.</typeparam>
/// <param name="statistic">The key's statistic, to be changed in place.</param>
/// <param name="result">The window; valid during the call.</param>
/// <param name="value">The metric's value: a finite number.</param>
public delegate void WindowStatisticHandler<TKey, TStatistic>(
    ref TStatistic statistic, in WindowResult<TKey> result, double value);
