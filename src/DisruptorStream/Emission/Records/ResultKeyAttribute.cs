namespace DisruptorStream.Emission.Records;

/// <summary>
/// Says which member of a <see cref="ResultRowAttribute">row</see> is the key; otherwise the one named Key.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ResultKeyAttribute : Attribute
{
}
