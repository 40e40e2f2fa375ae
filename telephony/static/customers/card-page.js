// The page of one customer's card.

import "./htmx.js";
