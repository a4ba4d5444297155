using Microsoft.Extensions.ObjectPool;

namespace DisruptorStream.Emission.Delivery;

/// <summary>Makes the pooled result batches, and recycles them.</summary>
internal sealed class ResultBatchPolicy<TKey> : PooledObjectPolicy<ResultBatch<TKey>>
{
    private readonly ResultSchema _schema;
    private readonly int _capacityRows;

    public ResultBatchPolicy(ResultSchema schema, int capacityRows)
    {
        _schema = schema;
        _capacityRows = capacityRows;
    }

    public override ResultBatch<TKey> Create() => new(_schema, _capacityRows);

    public override bool Return(ResultBatch<TKey> obj)
    {
        obj.Recycle();
        return true;
    }
}
