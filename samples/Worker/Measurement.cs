namespace Worker;

/// <summary>What a sensor has measured.</summary>
internal readonly record struct Measurement(string Room, DateTimeOffset Time, double Celsius);
