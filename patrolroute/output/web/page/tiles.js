// Loads the tiles of a base layer and stops asking for one that is not there; BokehJS's own loader asks for ever.

let mayCopy = true; // whether every tile so far may be copied onto the printed sheet
let isAllowed = false; // whether the tiles' server has said so of any

function loadPicture(url, crossOrigin) {
  return new Promise((resolve, reject) => {
    const picture = new Image();
    picture.crossOrigin = crossOrigin;
    picture.onload = () => resolve(picture);
    picture.onerror = reject;
    picture.src = url;
  });
}

// Asks for a picture that may be copied, and once more for one that may not, unless its server has given the others.
async function loadTile(url) {
  if (!url.startsWith("file:")) {
    try {
      const picture = await loadPicture(url, "anonymous");
      isAllowed = true;
      return picture;
    } catch (error) {
      if (isAllowed) throw error;
    }
  }
  const picture = await loadPicture(url, null);
  mayCopy = false;
  return picture;
}

class TileLoader {
  constructor(url, { loaded, failed }) {
    this.promise = loadTile(url).then(loaded, failed);
  }
}

function tileLayer() {
  return bokeh.plot.renderers.find((layer) => layer.name === "tiles");
}

Bokeh.loader["@bokehjs/core/util/image"].ImageLoader = TileLoader;
