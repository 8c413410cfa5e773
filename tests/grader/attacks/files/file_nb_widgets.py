# expect: correct
# kind: file ipynb
from making import GOOD, code, notebook


def build():
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"x": {"model_name": "HTMLModel"}}}}
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "application/javascript": "alert(1)"}
    outputs = [{"output_type": "display_data", "data": view, "metadata": {}}]
    return notebook(code(GOOD, outputs=outputs), metadata={"widgets": state})
